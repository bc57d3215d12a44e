import { join } from 'node:path';
import type { DatasetStatistics } from '@refit/data-validation';
import { beforeAll, describe, expect, it } from 'vitest';
import { withDuckDb } from '../duckdb.js';
import { writeParquet } from '../freeze.js';
import { temporaryFolder } from '../testing/temporary-folder.js';
import { computeStatistics, type StatisticsOptions } from './compute-statistics.js';
import { sliceStatistics } from './slice-statistics.js';
import reference from './sliced-statistics.reference.json' with { type: 'json' };

const { folder } = temporaryFolder();
const parquet = join(folder, 'rows.parquet');

const u = '(((range * 2654435761) % 4294967296) / 4294967296.0::DOUBLE)';
/** The formulas of sliced-statistics.reference.py. */
const select = `SELECT CASE WHEN range % 13 <> 0 THEN round_even(${u} * ${u} * 1000, 0) / 8 END AS x, (range * 7919) % 5 AS code, 'city-' || (range * 40503) % 7 AS city,
  ((range * 31) % 16) / 8.0::DOUBLE AS weight, CASE WHEN range % 17 = 0 THEN NULL WHEN range % 3 = 0 THEN 'a' ELSE 'b' END AS "group" FROM range(${reference.rows})`;

beforeAll(() => withDuckDb({ folders: [folder] }, (db) => writeParquet(db, select, parquet)));

const statistics = (options: StatisticsOptions) => withDuckDb({ files: [parquet] }, (db) => computeStatistics(db, parquet, options));

const of = ({ columns }: DatasetStatistics, name: string) => columns.find((column) => column.name === name)!;

const topOf = (found: DatasetStatistics) => Object.fromEntries(of(found, 'city').top!.map(({ value, count }) => [value, count]));

interface Expected {
  readonly missing: number;
  readonly zeros: number;
  readonly mean: number;
  readonly standardDeviation: number;
  readonly skewness: number;
  readonly quantiles: readonly number[];
  readonly city: Readonly<Record<string, number>>;
}

function expectAgreement(found: DatasetStatistics, { missing, zeros, mean, standardDeviation, skewness, quantiles, city }: Expected) {
  const x = of(found, 'x');
  expect([x.missing, x.numeric?.zeros]).toEqual([missing, zeros]);
  const numeric = x.numeric!;
  for (const [value, expected] of [[numeric.mean, mean], [numeric.standardDeviation, standardDeviation], [numeric.skewness!, skewness]] as const) expect(Math.abs(value - expected)).toBeLessThanOrEqual(1e-9 * Math.abs(expected));
  quantiles.forEach((expected, i) => expect(Math.abs(numeric.quantiles[i]! - expected)).toBeLessThanOrEqual(1e-9 * Math.abs(expected)));
  expect(topOf(found)).toEqual(city);
}

describe('statistics of weighted rows', () => {
  it('agree with numpy: sums of weights exactly, moments and quantiles to 1e-9', async () => {
    const found = await statistics({ weight: 'weight' });
    expect(found.rows).toBe(reference.weighted.rows);
    expectAgreement(found, reference.weighted);
  });

  it('are those of all rows where each counts once', async () => {
    const [weighted, plain] = await withDuckDb({ folders: [folder] }, async (db) => {
      const file = join(folder, 'ones.parquet');
      await writeParquet(db, `SELECT * REPLACE (1 AS weight) FROM (${select})`, file);
      return [await computeStatistics(db, file, { weight: 'weight' }), await computeStatistics(db, file)];
    });
    expect(of(weighted!, 'x').numeric!.histogram.counts.reduce((a, b) => a + b)).toBe(of(plain!, 'x').numeric!.histogram.counts.reduce((a, b) => a + b));
    expectAgreement(weighted!, { ...of(plain!, 'x').numeric!, missing: of(plain!, 'x').missing, quantiles: of(weighted!, 'x').numeric!.quantiles, skewness: of(plain!, 'x').numeric!.skewness!, city: topOf(plain!) });
  });
});

describe('statistics by slice', () => {
  it('agree with pandas for every value and for the rows without one, the largest slice first', async () => {
    const { slices, others } = await withDuckDb({ files: [parquet] }, (db) => sliceStatistics(db, { parquet }, 'group'));
    expect(others).toBe(0);
    expect(slices.map(({ value }) => value ?? '')).toEqual(Object.keys(reference.slices));
    Object.values(reference.slices).forEach((expected, i) => {
      const found = slices[i]!.statistics;
      expect([found.rows, of(found, 'x').distinct]).toEqual([expected.rows, expected.distinct]);
      expectAgreement(found, expected);
    });
  });

  it('are of 20 values at most, and say how many others there are', async () => {
    const { slices, others } = await withDuckDb({ files: [parquet] }, (db) => sliceStatistics(db, { parquet }, 'x', { weight: 'weight' }));
    expect([slices.length, others]).toEqual([20, of(await statistics({}), 'x').distinct + 1 - 20]);
  });
});
