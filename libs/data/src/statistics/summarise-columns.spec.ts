import { join } from 'node:path';
import { mergeStatistics, type ColumnStatistics, type DatasetStatistics, type MergedStatistics, type PartitionStatistics } from '@refit/data-validation';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { withDuckDb } from '../duckdb.js';
import { writeParquet } from '../freeze.js';
import { temporaryFolder } from '../testing/temporary-folder.js';
import { computeStatistics, type StatisticsOptions } from './compute-statistics.js';
import { summariseColumns } from './summarise-columns.js';

const { folder } = temporaryFolder();

const statisticsOf = (select: string, options: StatisticsOptions = {}): Promise<PartitionStatistics> =>
  withDuckDb({ folders: [folder] }, async (db) => {
    const file = join(folder, 'part.parquet');
    await writeParquet(db, select, file);
    return summariseColumns(db, file, await computeStatistics(db, file, options));
  });

const of = ({ columns }: DatasetStatistics, name: string): ColumnStatistics => columns.find((column) => column.name === name)!;

/** How far the rank of a number is from what it should be, as a share of the rows; it has a range of ranks where it occurs. */
function rankError(sorted: readonly number[], value: number, p: number): number {
  const below = sorted.filter((x) => x < value - 1e-9 * Math.abs(value)).length;
  const upTo = sorted.filter((x) => x <= value + 1e-9 * Math.abs(value)).length;
  const rank = (sorted.length - 1) * p + 1;
  return Math.max(below - rank, rank - 1 - upTo, 0) / sorted.length;
}

/** Rows by number, with numbers of several shapes, text with few and with many values, gaps, NaN and infinity. */
const rows = (from: number, until: number, { scale, shift }: { scale: number; shift: number }) => `SELECT
  CASE WHEN range % 11 <> 0 THEN sin(range * 12.9898) * ${scale} + ${shift} END AS wave,
  CASE WHEN range % 3 = 0 THEN 0.0 WHEN range % 50 = 1 THEN 'nan'::DOUBLE WHEN range % 50 = 2 THEN 'inf'::DOUBLE ELSE exp(sin(range * 78.233) * 3) END AS heap,
  (range * 7919) % 997 + ${Math.round(shift)} AS whole, range % 4 = 0 AS flag, 'city-' || (range * 31) % 40 AS city,
  'name-' || (range * 131) % ${Math.round(3000 * scale)} AS name, TIMESTAMP '2018-01-01' + to_seconds(range * 60) AS at
  FROM range(${from}, ${until})`;

const partitions = fc.array(fc.record({ rows: fc.integer({ min: 1, max: 6000 }), scale: fc.double({ min: 0.5, max: 3, noNaN: true }), shift: fc.double({ min: -2, max: 2, noNaN: true }) }), { minLength: 2, maxLength: 4 });

const counted = ({ name, type, missing, nonFinite, nan, numeric, text }: ColumnStatistics) =>
  ({ name, type, missing, nonFinite, nan, minimum: numeric?.minimum, maximum: numeric?.maximum, zeros: numeric?.zeros, shortest: text?.minimumLength, longest: text?.maximumLength });

async function merging(parts: readonly { rows: number; scale: number; shift: number }[], options: StatisticsOptions = {}) {
  let from = 0;
  const selects = parts.map(({ rows: count, ...shape }) => rows(from, (from += count), shape));
  const found: PartitionStatistics[] = [];
  for (const select of selects) found.push({ ...(await statisticsOf(select, options)), against: 'the reference' });
  const whole = await statisticsOf(selects.join(' UNION ALL '), options);
  return { whole, merged: mergeStatistics(found, { ...options, against: 'the reference' })!, select: selects.join(' UNION ALL ') };
}

const ranges = new Map([['wave', { minimum: -0.9, maximum: 0.9 }]]);

const near = (found: number, expected: number, scale: number) => expect(Math.abs(found - expected)).toBeLessThanOrEqual(1e-9 * scale + 1e-300);

const sortedOf = (select: string, name: string) =>
  withDuckDb({}, async (db) => (await db.rows(`SELECT ${name} AS x FROM (${select}) WHERE ${name} IS NOT NULL AND isfinite(${name}) ORDER BY x`)).map((row) => Number(row['x'])));

describe('merged statistics of partitions', () => {
  it('have the counts and extremes of all rows exactly, and their moments but for rounding', async () => {
    await fc.assert(fc.asyncProperty(partitions, async (parts) => {
      const { whole, merged } = await merging(parts);
      expect(merged.rows).toBe(whole.rows);
      expect(merged.columns.map(counted)).toEqual(whole.columns.map(counted));
      expect(merged.missingTogether).toEqual(whole.missingTogether);
      for (const { name, numeric } of whole.columns) {
        if (!numeric) continue;
        const found = of(merged, name).numeric!;
        near(found.mean, numeric.mean, Math.max(Math.abs(numeric.mean), numeric.standardDeviation));
        near(found.standardDeviation, numeric.standardDeviation, Math.max(numeric.standardDeviation, Math.abs(numeric.mean) * 1e-3));
        near(found.skewness!, numeric.skewness!, 1 + Math.abs(numeric.skewness!));
      }
    }), { numRuns: 6, endOnFailure: true });
  }, 60_000);

  it('have quantiles, distinct and top values within the stated errors', async () => {
    await fc.assert(fc.asyncProperty(partitions, async (parts) => {
      const { whole, merged, select } = await merging(parts);
      for (const name of ['wave', 'heap', 'whole']) {
        const sorted = await sortedOf(select, name);
        const stated = merged.errors[name]!.ranks!;
        expect(stated).toBeLessThan(merged.rows > 5000 ? 0.02 : 1.01);
        [0.05, 0.25, 0.5, 0.75, 0.95].forEach((p, i) => expect(rankError(sorted, of(merged, name).numeric!.quantiles[i]!, p)).toBeLessThanOrEqual(stated + 1e-12));
      }
      for (const { name, distinct, top } of whole.columns) {
        const found = of(merged, name);
        expect(Math.abs(found.distinct - distinct)).toBeLessThanOrEqual(4 * (found.distinctError ?? 0) * distinct);
        const error = merged.errors[name]?.top ?? 0;
        const counts = new Map(found.top?.map(({ value, count }) => [value, count]));
        // What is not listed has at most the rows of the last that is.
        const missed = (top ?? []).map(({ value, count }) => count - (counts.get(value) ?? Math.min(found.top?.at(-1)?.count ?? 0, count)));
        expect(Math.min(...missed, 0)).toBe(0);
        expect(Math.max(...missed, 0)).toBeLessThanOrEqual(error);
      }
    }), { numRuns: 6, endOnFailure: true });
  }, 60_000);

  it('have counts over the edges of a reference exactly, where all partitions were counted over them', async () => {
    const reference = await statisticsOf(rows(0, 4000, { scale: 1, shift: 0 }));
    await fc.assert(fc.asyncProperty(partitions, async (parts) => {
      const { whole, merged } = await merging(parts, { reference, ranges });
      for (const { name, numeric, ofReferenceTop } of whole.columns) {
        expect(of(merged, name).numeric?.histogram).toEqual(numeric?.histogram);
        expect(of(merged, name).numeric?.comparison?.counts).toEqual(numeric?.comparison?.counts);
        numeric?.comparison?.means.forEach((mean, i) => near(of(merged, name).numeric!.comparison!.means[i]!, mean, Math.max(Math.abs(mean), 1)));
        expect(of(merged, name).numeric?.outside).toEqual(numeric?.outside);
        expect(of(merged, name).ofReferenceTop).toEqual(ofReferenceTop);
      }
    }), { numRuns: 5, endOnFailure: true });
  }, 60_000);

  it('have counts over the edges of a reference within the stated error, where partitions were counted over their own', async () => {
    const reference = await statisticsOf(rows(0, 4000, { scale: 1, shift: 0 }));
    const parts = [await statisticsOf(rows(0, 5000, { scale: 1, shift: 0.1 })), await statisticsOf(rows(5000, 9000, { scale: 1, shift: 0 }))];
    const merged = mergeStatistics(parts, { reference, ranges })!;
    const whole = await statisticsOf(`${rows(0, 5000, { scale: 1, shift: 0.1 })} UNION ALL ${rows(5000, 9000, { scale: 1, shift: 0 })}`, { reference, ranges });
    for (const name of ['wave', 'heap', 'whole', 'at']) {
      const most = Math.ceil(merged.errors[name]!.ranks! * merged.rows) * 2 + 1;
      of(whole, name).numeric!.histogram.counts.forEach((count, i) => expect(Math.abs(of(merged, name).numeric!.histogram.counts[i]! - count)).toBeLessThanOrEqual(most));
      of(whole, name).numeric!.comparison!.counts.forEach((count, i) => expect(Math.abs(of(merged, name).numeric!.comparison!.counts[i]! - count)).toBeLessThanOrEqual(most));
    }
    const [{ below, above }, expected] = [of(merged, 'wave').numeric!.outside!, of(whole, 'wave').numeric!.outside!];
    expect(Math.abs(below - expected.below) + Math.abs(above - expected.above)).toBeLessThan(0.01 * merged.rows);
    expect(of(merged, 'city').ofReferenceTop).toEqual(of(whole, 'city').ofReferenceTop);
  });

  it('are not there where partitions differ in columns or types, or were not summed up', async () => {
    const [a, b, plain] = [await statisticsOf('SELECT 1 AS x FROM range(9)'), await statisticsOf('SELECT 1.5::DOUBLE AS x FROM range(9)'), await statisticsOf('SELECT 2 AS x FROM range(9)')];
    const { summaries: _, ...without } = plain;
    expect(mergeStatistics([a, b])).toBeUndefined();
    expect(mergeStatistics([a, without])).toBeUndefined();
    expect((mergeStatistics([a, plain]) as MergedStatistics).columns[0]).toMatchObject({ distinct: 2, numeric: { minimum: 1, maximum: 2, mean: 1.5 } });
  });
});
