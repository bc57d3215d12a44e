import { afterAll, describe, expect, it } from 'vitest';
import { openDuckDb } from '../duckdb.js';
import { readPooledRows } from './pooled-rows.js';

const db = await openDuckDb();
afterAll(() => db.close());

const table = (name: string, select: string) => db.run(`CREATE OR REPLACE TABLE ${name} AS ${select}`);

describe('the rows of two snapshots', () => {
  it('come as numbers, a category as its place by frequency on both sides together', async () => {
    await table('a', `SELECT * FROM (VALUES (1::BIGINT, true, 'x', DATE '2018-01-01'), (2, NULL, 'y', NULL)) t(n, flag, city, day)`);
    await table('b', `SELECT * FROM (VALUES (2.5::DOUBLE, false, 'y', DATE '2018-01-01'), ('inf', true, NULL, NULL), (1e300, true, 'z', NULL)) t(n, flag, city, day)`);
    const found = await readPooledRows(db, { table: 'a' }, { table: 'b' }, ['city', 'n', 'flag', 'day', 'none'], 100);
    expect(found).toMatchObject({ referenceRows: 2, sampleRows: 3, columns: ['city', 'n', 'flag'] });
    const nan = Number.NaN;
    expect([...found.values]).toEqual([2, 1, 1, nan, 3, 1, 2, 2.5, nan, Math.fround(3e38), 1, nan, 0, 1, 1]);
  });

  it('are no more than asked for, the same each time, and from all over', async () => {
    await table('a', 'SELECT range::DOUBLE AS n FROM range(10000)');
    await table('b', 'SELECT range::DOUBLE AS n FROM range(150)');
    const found = await readPooledRows(db, { table: 'a' }, { table: 'b' }, ['n'], 1000);
    expect([found.referenceRows, found.sampleRows]).toEqual([1000, 150]);
    expect(await readPooledRows(db, { table: 'a' }, { table: 'b' }, ['n'], 1000)).toEqual(found);
    const ofReference = found.values.subarray(0, 1000);
    expect(ofReference.toSorted()).toEqual(ofReference);
    expect(ofReference.reduce((sum, n) => sum + n, 0) / 1000 / 5000).toBeCloseTo(1, 1);
  });

  it('have no column where the two sides do not agree what one is', async () => {
    await table('a', `SELECT 1 AS n, 'x' AS t`);
    await table('b', `SELECT 'one' AS n, 'x' AS t`);
    expect((await readPooledRows(db, { table: 'a' }, { table: 'b' }, ['n', 't'], 10)).columns).toEqual(['t']);
  });
});
