import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import { folderArtifactStore } from '@refit/artifacts';
import { event, WindowSchema, type Window } from '@refit/contracts';
import { beforeAll, describe, expect, it } from 'vitest';
import { withDuckDb, type Row } from './duckdb.js';
import { freezeWindow } from './freeze-window.js';
import { writeParquet } from './freeze.js';
import { readColumns } from './read-columns.js';
import type { WindowBatch } from './window-columns.js';
import { describeSnapshot } from './snapshot-columns.js';
import { temporaryFolder } from './testing/temporary-folder.js';

const { folder } = temporaryFolder();
let files = 0;

async function batch(select: string): Promise<WindowBatch> {
  const name = `batch-${files++}`;
  const path = join(folder, `${name}.parquet`);
  return withDuckDb({ folders: [folder] }, async (db) => {
    await writeParquet(db, select, path);
    return { name, path, columns: (await describeSnapshot(db, path)).columns };
  });
}

const day = (n: number, rows: number) =>
  `SELECT TIMESTAMP '2001-01-01' + INTERVAL (${n}) DAY + INTERVAL (range) HOUR AS t, ${n} * 100 + range AS x FROM range(${rows})`;

async function frozen(batches: readonly WindowBatch[], last: Window['last'], options: { timeColumn?: string; before?: number; splitByTime?: boolean; firstData?: boolean } = {}) {
  const artifacts = await folderArtifactStore(join(folder, 'artifacts'));
  const scratch = mkdtempSync(join(folder, 'scratch-'));
  const window = await freezeWindow({ batches, window: event(WindowSchema, { last }), timeColumn: 't', ...options, artifacts, scratch });
  const path = await artifacts.path(window.snapshot.hash);
  const rows = () => withDuckDb({ files: [path] }, (db) => db.rows(`SELECT * FROM read_parquet('${path}')`));
  return { ...window, path, rows };
}

const xs = async ({ rows }: { rows: () => Promise<readonly Row[]> }) => (await rows()).map((row) => Number(row['x']));

describe('a window', () => {
  let days: readonly WindowBatch[];
  beforeAll(async () => {
    days = await Promise.all([0, 1, 2].map((n) => batch(day(n, 4))));
  });

  it('without a limit holds all rows, batch by batch', async () => {
    const window = await frozen(days, { case: undefined });
    expect(await xs(window)).toEqual([0, 1, 2, 3, 100, 101, 102, 103, 200, 201, 202, 203]);
    expect(window.used).toEqual([0, 1, 2]);
  });

  it('by duration reaches back from the newest time, which may lie in any batch', async () => {
    const [first, second, third] = days;
    const window = await frozen([third!, first!, second!], { case: 'durationMs', value: 25 * 3_600_000 });
    expect(await xs(window)).toEqual([200, 201, 202, 203, 103]);
    expect(window.used).toEqual([0, 2]);
  });

  it('by rows takes the newest by time', async () => {
    const [first, second, third] = days;
    expect(await xs(await frozen([third!, first!, second!], { case: 'rows', value: 5 }))).toEqual([200, 201, 202, 203, 103]);
  });

  it('by rows takes the last of those at the same time', async () => {
    const same = `SELECT TIMESTAMP '2001-01-05' AS t, range AS x FROM range(3)`;
    expect(await xs(await frozen([await batch(same), days[0]!, await batch(same)], { case: 'rows', value: 4 }))).toEqual([2, 0, 1, 2]);
  });

  it('by rows takes the last that arrived where there is no time column', async () => {
    expect(await xs(await frozen(days, { case: 'rows', value: 5 }, { timeColumn: '' }))).toEqual([103, 200, 201, 202, 203]);
    expect(await xs(await frozen(days, { case: 'rows', value: 500 }, { timeColumn: '' }))).toHaveLength(12);
  });

  describe('that ends at a past time', () => {
    // Days 0, 1 and 2 of January 2001 have rows at 0, 1, 2 and 3 o'clock: 0 to 3, 100 to 103, 200 to 203.
    const before = Date.parse('2001-01-02T02:00:00Z');

    it.each<[string, Window['last'], readonly number[]]>([
      ['without a limit holds all rows before it', { case: undefined }, [0, 1, 2, 3, 100, 101]],
      ['by duration reaches back from it, whatever the newest row before it is', { case: 'durationMs', value: 24 * 3_600_000 }, [2, 3, 100, 101]],
      ['by rows takes the newest before it', { case: 'rows', value: 3 }, [3, 100, 101]],
      ['by batches takes what is before it of the last ones', { case: 'batches', value: 2 }, [100, 101]],
    ])('%s', async (_name, last, rows) => {
      expect(await xs(await frozen(days, last, { before }))).toEqual(rows);
    });

    it('holds nothing where there was nothing', async () => {
      expect((await frozen(days, { case: 'durationMs', value: 3_600_000 }, { before: Date.parse('2000-06-01') })).snapshot.rows).toBe(0);
    });

    it('reads times that became text', async () => {
      const text = await batch(`SELECT '2001-01-02 01:30:00' AS t, 7 AS x UNION ALL SELECT 'later', 8 UNION ALL SELECT '2001-01-02 02:00:00', 9`);
      expect(await xs(await frozen([days[0]!, text], { case: 'durationMs', value: 3_600_000 }, { before }))).toEqual([7]);
    });
  });

  it('by batches takes the last ones', async () => {
    const window = await frozen(days, { case: 'batches', value: 1 });
    expect(await xs(window)).toEqual([200, 201, 202, 203]);
    expect(window.used).toEqual([2]);
  });

  it('holds a column that only some batches have, and loses nothing where types differ', async () => {
    const text = await batch(`SELECT TIMESTAMP '2001-01-09' AS t, 'many' AS x, 1::BIGINT AS y`);
    const { snapshot, ...window } = await frozen([days[0]!, text], { case: undefined });
    const rows = await window.rows();
    expect(rows.map((row) => row['x'])).toEqual(['0', '1', '2', '3', 'many']);
    expect(rows.map((row) => row['y'])).toEqual([null, null, null, null, 1n]);
    expect(snapshot.columns.map(({ type }) => type)).toEqual(['TIMESTAMP', 'VARCHAR', 'BIGINT']);
  });

  it('keeps the type of a column that a batch has without a value', async () => {
    const empty = await batch(`SELECT TIMESTAMP '2001-01-09' AS t, NULL::VARCHAR AS x`);
    expect((await frozen([days[0]!, empty], { case: undefined })).snapshot.columns[1]).toMatchObject({ name: 'x', type: 'BIGINT' });
  });

  it('says in which batch the time column is missing or is no time', async () => {
    const unusable = async (timeColumn: string, last: Window['last'] = { case: 'durationMs', value: 1000 }, options = {}) => {
      const batches = days.map((each, i) => ({ ...each, name: `b${i}` }));
      await expect(frozen(batches, last, { timeColumn, ...options })).rejects.toMatchObject({ code: 'TIME_COLUMN_UNUSABLE', message: expect.stringContaining(`"${timeColumn}"`) });
      return frozen(batches, last, { timeColumn, ...options }).catch((error: Error) => error.message);
    };
    const remedy = 'name a column of times in source.timeColumn, or deliver the data again with times';
    expect(await unusable('when')).toBe(`"when" is the pipeline's time column, but in batch b0 it is missing (the columns: t, x); ${remedy}`);
    expect(await unusable('x')).toBe(`"x" is the pipeline's time column, but in batch b0 it is a number, not a time; ${remedy}`);
    expect(await unusable('x', { case: 'rows', value: 2 })).toContain('in batch b0');
    expect(await unusable('x', { case: 'batches', value: 1 }, { splitByTime: true })).toContain('in batch b2');
  });

  it('asks for times only where the window or the split needs them', async () => {
    expect(await xs(await frozen(days, { case: undefined }, { timeColumn: 'when', firstData: true }))).toHaveLength(12);
    expect(await xs(await frozen(days, { case: 'batches', value: 1 }, { timeColumn: 'x', firstData: true }))).toHaveLength(4);
  });

  it('refuses one batch of text only where no gate will', async () => {
    const text = { ...(await batch(`SELECT 'yesterday' AS t, 7 AS x`)), name: 'str' };
    for (const last of [{ case: 'durationMs', value: 1e12 }, { case: 'rows', value: 100 }] as const) {
      await expect(frozen([days[0]!, text], last, { firstData: true })).rejects.toThrow('"t" is the pipeline\'s time column, but in batch str it is text, not a time; name a column of times');
      expect(await xs(await frozen([days[0]!, text], last))).toEqual([0, 1, 2, 3]);
    }
  });

  it('is not taken by a time that no row has', async () => {
    const timeless = { ...(await batch(`SELECT NULL::TIMESTAMP AS t, range AS x FROM range(3)`)), name: 'b' };
    for (const last of [{ case: 'durationMs', value: 1000 }, { case: 'rows', value: 2 }] as const) {
      await expect(frozen([timeless], last)).rejects.toMatchObject({ code: 'TIME_COLUMN_UNUSABLE', message: expect.stringContaining('no row has a time in it') });
    }
  });

  it('over files of several row groups keeps the row order and has the same bytes each time', async () => {
    const large = await Promise.all(
      [0, 1].map((n) => batch(`SELECT TIMESTAMP '2001-01-01' + INTERVAL (range) SECOND AS t, ${n} * 1000000 + range AS x FROM range(130000)`)),
    );
    for (const last of [{ case: 'durationMs', value: 1.2e8 }, { case: 'rows', value: 230_001 }, { case: undefined }] as const) {
      const [once, again] = [await frozen(large, last), await frozen(large, last)];
      expect(once.snapshot).toEqual(again.snapshot);
      const x = (await readColumns(once.path, ['x'])).columns.get('x');
      expect(x?.kind === 'number' && x.values.every((value, i) => i === 0 || value > (x.values[i - 1] ?? 0))).toBe(true);
    }
  });
});
