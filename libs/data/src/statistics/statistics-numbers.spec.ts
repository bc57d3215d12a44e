import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { withDuckDb } from '../duckdb.js';
import { writeParquet } from '../freeze.js';
import { temporaryFolder } from '../testing/temporary-folder.js';
import { computeStatistics, type StatisticsOptions } from './compute-statistics.js';
import reference from './statistics.reference.json' with { type: 'json' };

const { folder } = temporaryFolder();
const file = join(folder, 'rows.parquet');

const u = '(((range * 2654435761) % 4294967296) / 4294967296.0::DOUBLE)';
const v = '(((range * 40503) % 65536) / 65536.0::DOUBLE)';
/** The formulas of statistics.reference.py. */
const select = `SELECT
  CASE WHEN range % 7 <> 0 THEN ${u} * ${u} * ${u} * 1000.0::DOUBLE - 20.0::DOUBLE END AS spread,
  1e9::DOUBLE + ${u} AS far,
  CASE WHEN range = 77 THEN 1e12::DOUBLE ELSE ${u} END AS outlier,
  CASE WHEN range % 5 < 2 THEN 0.0::DOUBLE ELSE ${u} - 0.25::DOUBLE END AS heap,
  (range * 2654435761) % 4294967296 AS whole,
  CASE WHEN range % 100 = 0 THEN 'nan'::DOUBLE WHEN range % 1000 = 1 THEN 'inf'::DOUBLE WHEN range % 1000 = 2 THEN '-inf'::DOUBLE ELSE ${u} END AS broken,
  CAST(floor(${v} * 64) AS BIGINT) - 3 AS few,
  CASE WHEN range % 10 < 3 THEN 'often' ELSE 'word-' || ((range * 40503) % 262144) END AS words,
  range % 3 AS third
  FROM range(${reference.rows})`;

let all: Awaited<ReturnType<typeof statistics>>;

beforeAll(async () => {
  await withDuckDb({ folders: [folder] }, (db) => writeParquet(db, select, file));
  all = await statistics();
}, 60_000);

const statistics = (options: StatisticsOptions = {}, threads = 2) =>
  withDuckDb({ files: [file], threads }, async (db) => {
    const { rows, columns } = await computeStatistics(db, file, options);
    return { rows, columns, of: (name: string) => columns.find((column) => column.name === name)! };
  });

const closeTo = (found: number, expected: number) => expect(Math.abs(found - expected)).toBeLessThanOrEqual(1e-9 * Math.abs(expected));

describe('statistics of 300,000 rows', () => {
  it('agree with pandas, numpy and scipy: counts exactly, moments and quantiles to 1e-9', async () => {
    const { of } = all;
    for (const [name, expected] of Object.entries(reference.columns)) {
      const { missing, nan, nonFinite, numeric } = of(name);
      expect({ name, missing, nan, nonFinite, zeros: numeric?.zeros, minimum: numeric?.minimum, maximum: numeric?.maximum })
        .toEqual({ name, missing: expected.missing, nan: expected.nan, nonFinite: expected.nonFinite, zeros: expected.zeros, minimum: expected.minimum, maximum: expected.maximum });
      closeTo(numeric!.mean, expected.mean);
      closeTo(numeric!.standardDeviation, expected.standardDeviation);
      if (name !== 'far') closeTo(numeric!.skewness!, expected.skewness); // near 0, of numbers a billion away: numpy itself is off
      numeric!.quantiles.forEach((q, i) => closeTo(q, expected.quantiles[i]!));
      numeric!.histogram.edges.forEach((edge, i) => closeTo(edge, [...new Set(expected.deciles)][i]!));
      expect({ name, histogram: numeric!.histogram.counts, equalWidth: numeric!.equalWidth }).toEqual({ name, histogram: expected.histogram, equalWidth: expected.equalWidth });
      expect(numeric!.comparison!.counts.reduce((a, b) => a + b)).toBe(reference.rows - missing - nonFinite);
    }
  });

  it('have the bins of a reference, with exact counts and means', async () => {
    const against = await statistics({ reference: { rows: reference.rows, columns: all.columns.map((column) => ({ ...column, name: column.name === 'outlier' ? 'heap' : column.name === 'heap' ? 'outlier' : column.name })) } });
    const { edges, counts, means } = against.of('heap').numeric!.comparison!;
    expect(edges).toEqual(all.of('outlier').numeric!.comparison!.edges);
    const total = counts.reduce((sum, count, i) => sum + count * means[i]!, 0);
    closeTo(total / reference.rows, against.of('heap').numeric!.mean);
    expect(counts.reduce((a, b) => a + b)).toBe(reference.rows);
  });

  it('estimate many distinct values within three of the stated errors, and count few exactly', async () => {
    const { of } = all;
    for (const name of ['spread', 'far', 'outlier', 'heap', 'whole'] as const) {
      const { distinct, distinctError = 0 } = of(name);
      expect(Math.abs(distinct / reference.columns[name].distinct - 1)).toBeLessThanOrEqual(3 * distinctError);
      expect(distinctError).toBeLessThan(0.02);
    }
    expect(of('few')).toMatchObject({ distinct: reference.columns.few.distinct });
    expect(of('few').distinctError).toBeUndefined();
  });

  it('know the mode, what text looks like and how often its frequent values occur', async () => {
    const { of } = all;
    expect(of('heap').numeric!.mode).toEqual({ value: 0, count: reference.columns.heap.zeros });
    const { text, top, topAbove, distinct, distinctError } = of('words');
    const { often, distinct: expected, meanLength, ...lengths } = reference.text;
    expect(text).toMatchObject({ ...lengths, replaced: 0 });
    closeTo(text!.meanLength, meanLength);
    expect(top?.[0]).toEqual({ value: 'often', count: often });
    expect(topAbove).toBe(0.001);
    expect(Math.abs(distinct / expected - 1)).toBeLessThanOrEqual(3 * distinctError!);
  });

  it('are the same to the bit on any number of threads', async () => {
    const onOne = await statistics({}, 1);
    expect(JSON.stringify(onOne.columns)).toBe(JSON.stringify(all.columns));
  });

  it('count what lies outside of a range', async () => {
    const { of } = await statistics({ ranges: new Map([['whole', { minimum: 1000, maximum: 4_000_000_000 }]]) });
    const [below, above] = await withDuckDb({ files: [file] }, async (db) => {
      const [row] = await db.rows(`SELECT count_if(whole < 1000) AS below, count_if(whole > 4000000000) AS above FROM '${file}'`);
      return [Number(row?.['below']), Number(row?.['above'])];
    });
    expect(of('whole').numeric!.outside).toMatchObject({ below, above });
  });
});
