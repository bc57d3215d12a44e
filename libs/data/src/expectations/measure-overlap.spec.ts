import { join } from 'node:path';
import { parsePipelineFile } from '@refit/contracts';
import { resolveLabel, splitRows } from '@refit/transforms';
import { beforeAll, describe, expect, it } from 'vitest';
import { withDuckDb, type Row } from '../duckdb.js';
import { writeParquet } from '../freeze.js';
import { readColumns } from '../read-columns.js';
import { temporaryFolder } from '../testing/temporary-folder.js';
import { measureOverlap, type OverlapTask } from './measure-overlap.js';

const { folder } = temporaryFolder();
const path = join(folder, 'window.parquet');
const columns = ['customer', 'shop', 'at', 'price', 'note', 'sold'];

beforeAll(() => withDuckDb({ folders: [folder] }, (db) => writeParquet(db, `
  SELECT CASE WHEN range % 17 <> 0 THEN 'c' || (range * 7919 % 150) END AS customer, range * 31 % 5 AS shop, TIMESTAMP '2026-01-01' + to_hours(range) AS "at",
    sin(range) AS price, 'n' || range AS note, CASE WHEN range % 13 <> 0 THEN range % 2 = 0 END AS sold FROM range(1000)`, path)));

function task(split: string, parts: { columns: string[]; timeUnit?: string }): OverlapTask {
  const { spec } = parsePipelineFile(`{ version: refit/v1, name: shop, source: x, label: sold, trainer: linear, features: { exclude: [customer, note] }, split: ${split} }`, { fileName: 'f', baseDirectory: '/' });
  const { label, features, split: rule } = spec;
  if (!label || !features || !rule) throw new Error('a pipeline file has them all');
  return { path, columns, overlaps: [{ name: 'apart', parts: { timeUnit: '', ...parts } }], label, features, split: rule };
}

/** Counted by the book: the run's own split, and a set of keys. */
async function byHand({ label, split, features }: OverlapTask, key: (row: Row) => string | undefined) {
  const learnt = columns.filter((name) => !features.excluded.includes(name) || name === split.column);
  const table = await readColumns(path, learnt);
  const parts = splitRows(table, resolveLabel(table, label).rows, split);
  const rows = await withDuckDb({ files: [path] }, (db) => db.rows(`SELECT customer, shop, CAST("at" AS VARCHAR) AS "at" FROM '${path}'`));
  const keys = (part: Uint32Array) => [...part].map((row) => key(rows[row] ?? {}));
  const known = new Set([...keys(parts.training), ...keys(parts.validation)]);
  const test = keys(parts.test);
  const judged = test.filter((one) => one !== undefined);
  return { is: 'rows', rows: 1000, asked: test.length, judged: judged.length, unexpected: judged.filter((one) => known.has(one)).length };
}

describe('the overlap of test and training', () => {
  it.each([['random', true], ['time, column: at', true], ['hash, column: price', true], ['hash, column: customer', false]])('is that of the split which the run will make: %s', async (by, overlaps) => {
    const asked = task(`{ by: ${by} }`, { columns: ['customer'] });
    const [found] = await measureOverlap(asked);
    const expected = await byHand(asked, ({ customer }) => (customer === null ? undefined : String(customer)));
    expect(found?.measured).toEqual(expected);
    expect(found?.rows).toHaveLength(Math.min(1000, expected.unexpected));
    expect(expected.unexpected > 0).toBe(overlaps);
  });

  it('is counted by compound keys, and by units of time', async () => {
    const compound = task('random', { columns: ['customer', 'shop'] });
    expect((await measureOverlap(compound))[0]?.measured).toEqual(await byHand(compound, ({ customer, shop }) => (customer === null ? undefined : `${String(customer)} ${String(shop)}`)));
    for (const [timeUnit, digits] of [['hour', 13], ['day', 10], ['month', 7], ['year', 4]] as const) {
      const dated = task('random', { columns: ['at'], timeUnit });
      expect((await measureOverlap(dated))[0]?.measured).toEqual(await byHand(dated, ({ at }) => String(at).slice(0, digits)));
    }
    const weekly = task('{ by: time, column: at }', { columns: ['at'], timeUnit: 'week' });
    const monday = (at: string) => Math.floor((Date.parse(`${at.replace(' ', 'T')}Z`) - Date.UTC(2025, 11, 29)) / (7 * 86_400_000)); // a Monday
    expect((await measureOverlap(weekly))[0]?.measured).toEqual(await byHand(weekly, ({ at }) => String(monday(String(at)))));
  });

  it('is unknown where it cannot be counted, and says why', async () => {
    const because = async (asked: OverlapTask) => (await measureOverlap(asked))[0]?.measured;
    expect(await because(task('random', { columns: ['custumer'] }))).toEqual({ is: 'unknown', because: expect.stringContaining('the data has no column "custumer" (did you mean "customer"?') });
    expect(await because(task('random', { columns: ['shop'], timeUnit: 'day' }))).toEqual({ is: 'unknown', because: 'there is no time to be taken by day' });
    expect(await because(task('{ by: time, column: shop_at }', { columns: ['shop'] }))).toEqual({ is: 'unknown', because: expect.stringContaining('the rows cannot be split: the data has no column "shop_at"') });
  });
});
