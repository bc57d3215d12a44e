import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { withDuckDb } from './duckdb.js';
import { writeParquet } from './freeze.js';
import { readColumns } from './read-columns.js';
import { temporaryFolder } from './testing/temporary-folder.js';

const { folder } = temporaryFolder();
let files = 0;

async function snapshot(select: string) {
  const path = join(folder, `${files++}.parquet`);
  await withDuckDb({ folders: [folder] }, (db) => writeParquet(db, select, path));
  return path;
}

describe('columns of a snapshot', () => {
  it('come as numbers, times and sorted categories; missing is NaN or -1', async () => {
    const path = await snapshot(`SELECT * FROM (VALUES
      (7, 1.5::DOUBLE, 'b', true, TIMESTAMP '1970-01-01 00:00:01.5'), (NULL, 'nan', 'a', NULL, NULL), (-7, 'infinity', NULL, false, NULL), (0, NULL, 'b', false, NULL)) t(i, f, s, b, t)`);
    const { rows, columns } = await readColumns(path);
    expect(rows).toBe(4);
    expect([...columns.keys()]).toEqual(['i', 'f', 's', 'b', 't']);
    expect(columns.get('i')).toEqual({ kind: 'number', values: Float64Array.of(7, Number.NaN, -7, 0) });
    expect(columns.get('f')).toEqual({ kind: 'number', values: Float64Array.of(1.5, Number.NaN, Number.NaN, Number.NaN) });
    expect(columns.get('s')).toEqual({ kind: 'category', codes: Int32Array.of(1, 0, -1, 1), dictionary: ['a', 'b'] });
    expect(columns.get('b')).toEqual({ kind: 'number', values: Float64Array.of(1, Number.NaN, 0, 0) });
    expect(columns.get('t')).toEqual({ kind: 'time', values: Float64Array.of(1500, Number.NaN, Number.NaN, Number.NaN) });
  });

  it('keep the row order over many chunks, also with many categories', async () => {
    const path = await snapshot(`SELECT range AS i, printf('k%05d', (range * 7919) % 70000) AS s FROM range(150000)`);
    const { columns } = await readColumns(path, ['s', 'i']);
    const [s, i] = [...columns.values()];
    expect([...columns.keys()]).toEqual(['s', 'i']);
    expect(i?.kind === 'number' && i.values.every((value, row) => value === row)).toBe(true);
    expect(s?.kind === 'category' && s.dictionary).toHaveLength(70_000);
    expect(s?.kind === 'category' && s.codes.every((code, row) => code === (row * 7919) % 70_000)).toBe(true);
  });

  it('may be wholly empty', async () => {
    const { columns } = await readColumns(await snapshot('SELECT NULL::VARCHAR AS s FROM range(2)'));
    expect(columns.get('s')).toEqual({ kind: 'category', codes: Int32Array.of(-1, -1), dictionary: [] });
  });

  it('are named when they are not there', async () => {
    await expect(readColumns(await snapshot('SELECT 1 AS a'), ['b'])).rejects.toMatchObject({ code: 'FEATURES_MISSING', message: expect.stringContaining('"b"') });
  });

  it('stop when the signal is aborted', async () => {
    const path = await snapshot('SELECT range AS i FROM range(2000000)');
    const stop = new AbortController();
    const reading = readColumns(path, undefined, { signal: stop.signal });
    setTimeout(() => stop.abort(new Error('enough')), 40);
    await expect(reading).rejects.toThrow('enough');
  });
});
