import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { withDuckDb } from '../duckdb.js';
import { writeParquet } from '../freeze.js';
import { temporaryFolder } from '../testing/temporary-folder.js';
import { computeStatistics } from './compute-statistics.js';
import type { LabelChoice } from './feature-power.js';
import { relateColumns } from './relate-columns.js';

const { folder } = temporaryFolder();

const relate = (select: string, label?: LabelChoice) =>
  withDuckDb({ folders: [folder] }, async (db) => {
    const file = join(folder, 'related.parquet');
    await writeParquet(db, select, file);
    return relateColumns(db, { parquet: file }, await computeStatistics(db, file), label);
  });

const powerOf = ({ label }: Awaited<ReturnType<typeof relate>>) => Object.fromEntries(label!.power.map(({ column, value }) => [column, value]));

/** A fair coin from 0 to 1 by row and kind. */
const coin = (kind: number) => `((hash(range * 31 + ${kind}) % 1000000) / 1e6)`;

describe('what columns have to do with each other', () => {
  it('has the correlations of numbers and truth values, in closed form', async () => {
    // Of 0 … n − 1 and its squares: √15 / 4 as n grows; of 0 … n − 1 and its upper half: √3 / 2.
    const { correlations, lookedAt } = await relate(`SELECT range AS x, range * range AS square, range >= 50000 AS upper, -range * 1e300 AS huge, 7 AS same, ${coin(1)} AS noise FROM range(100000)`);
    const found = new Map(correlations.map(({ columns, value }) => [columns.join(' '), value]));
    expect(lookedAt).toBe(100_000);
    expect(found.get('x square')).toBeCloseTo(Math.sqrt(15) / 4, 4);
    expect(found.get('x upper')).toBeCloseTo(Math.sqrt(3) / 2, 4);
    expect(found.get('x huge')).toBeCloseTo(-1, 6);
    expect([...found.keys()].some((key) => key.includes('noise') || key.includes('same'))).toBe(false);
  });

  it('counts duplicate rows, of many rows those that a hash of their content chose', async () => {
    expect((await relate('SELECT range % 60 AS a, range % 3 AS b FROM range(100)')).duplicates).toEqual({ lookedAt: 100, rows: 40 });
    const many = await relate('SELECT range % 300000 AS a FROM range(600000)');
    expect(many.lookedAt).toBeGreaterThan(195_000);
    expect(many.lookedAt).toBeLessThan(205_000);
    expect(many.duplicates.rows / many.duplicates.lookedAt).toBe(0.5);
  });

  it('says what each column by itself tells of a class', async () => {
    const found = await relate(`SELECT range AS id, ${coin(1)} AS x, CASE WHEN ${coin(1)} < 0.5 THEN 'low' ELSE 'high' END AS half, ${coin(2)} AS noise, 'v' || range AS name,
      CASE WHEN ${coin(3)} < ${coin(1)} THEN 'yes' ELSE 'no' END AS label, CASE WHEN ${coin(3)} < ${coin(1)} THEN NULL ELSE 1 END AS leak FROM range(20000)`, { column: 'label' });
    const power = powerOf(found);
    // P(yes | x) = x gives AUC 5/6, its halves 3/4.
    expect(found.label?.measure).toBe('auc');
    expect(power['x']).toBeCloseTo(5 / 6, 1);
    expect(power['half']).toBeCloseTo(3 / 4, 1);
    expect(power['leak']).toBe(1);
    for (const nothing of ['noise', 'id', 'name']) expect(Math.abs(power[nothing]! - 0.5)).toBeLessThan(0.02);
    expect(found.label?.power.slice(0, 2).map(({ column }) => column)).toEqual(['leak', 'x']);
  });

  it('says it of a number, of a number above another, and of several classes', async () => {
    const select = `SELECT ${coin(1)} AS x, ${coin(1)} * 10 + ${coin(2)} AS price, CAST(floor(${coin(1)} * 3) AS BIGINT) AS class, ${coin(4)} AS noise FROM range(20000)`;
    const number = await relate(select, { column: 'price' });
    expect(number.label?.measure).toBe('r2');
    expect(powerOf(number)['x']).toBeGreaterThan(0.98);
    expect(powerOf(number)['noise']).toBeLessThan(0.01);
    expect(powerOf(await relate(select, { column: 'price', above: 5 }))['x']).toBeGreaterThan(0.98);
    expect(powerOf(await relate(select, { column: 'class' }))['x']).toBeGreaterThan(0.98);
  });

  it('counts rows that are alike in all but the label, identifiers left out', async () => {
    const found = await relate('SELECT range AS id, range % 50 AS a, CASE WHEN range < 10 THEN 1 ELSE 0 END AS label FROM range(200)', { column: 'label' });
    expect(found.label?.conflicting).toEqual({ lookedAt: 200, rows: 10 });
  });

  it('refuses a label that is not there, or cannot be one', async () => {
    await expect(relate('SELECT 1 AS label', { column: 'lable' })).rejects.toMatchObject({ code: 'FEATURES_MISSING', message: expect.stringContaining('label') });
    await expect(relate(`SELECT TIMESTAMP '2018-01-01' AS t`, { column: 't' })).rejects.toMatchObject({ code: 'REQUEST_INVALID' });
    await expect(relate(`SELECT 'a' AS t`, { column: 't', above: 1 })).rejects.toMatchObject({ code: 'REQUEST_INVALID' });
  });

  it('of one row, or none, is nothing', async () => {
    expect(await relate('SELECT 1 AS a, 2 AS b')).toMatchObject({ rows: 1, correlations: [], duplicates: { rows: 0 } });
    expect(await relate('SELECT 1 AS a WHERE false', { column: 'a' })).toMatchObject({ rows: 0, lookedAt: 0, label: { power: [] } });
  });
});
