import type { DistributionDistances } from '@refit/data-validation';
import type { DuckDb } from '../duckdb.js';
import { doubles } from '../number-vectors.js';
import { describeRows, type DescribedSnapshot, type RowsSource } from '../snapshot-columns.js';
import { identifier, literal } from '../sql.js';
import { asFinite } from '../statistics/column-sql.js';

export interface ComparedColumn {
  readonly column: string;
  /** Values beyond are taken as these, for Wasserstein only. */
  readonly winsorisedAt: readonly [number, number];
  /** Most values are shared by many rows: then they are counted before they are sorted, which else takes longer. */
  readonly hasFewValues?: boolean;
}

/** With more values on both sides together, sorting them would keep the gate waiting: what summaries tell has to do. */
const mostValues = 5_000_000;

/**
 * Kolmogorov–Smirnov and Wasserstein-1 distances between the finite numbers of two sets of rows, exact: DuckDB sorts the
 * values of both, and their distribution functions are followed from one to the next. By name; without columns that either
 * side does not have as numbers, or has no number in, and, beyond five million values, without those that come last.
 *
 * @param db reaches both
 */
export async function measureExactly(db: DuckDb, reference: RowsSource, sample: RowsSource, columns: readonly ComparedColumn[]): Promise<ReadonlyMap<string, DistributionDistances>> {
  const [before, now] = [await describeRows(db, reference), await describeRows(db, sample)];
  const most = Math.floor(mostValues / Math.max(before.rows + now.rows, 1));
  const found = new Map<string, DistributionDistances>();
  for (const compared of columns.slice(0, most)) {
    const [x, y] = [numbersOf(reference, before, compared.column), numbersOf(sample, now, compared.column)];
    const distances = x !== undefined && y !== undefined ? await distancesOf(db, x, y, compared) : undefined;
    if (distances) found.set(compared.column, distances);
  }
  return found;
}

/** The SQL that selects a column's numbers as v, NULL where they are not finite; undefined where it has none, or they are times. */
function numbersOf(source: RowsSource, { columns, select }: DescribedSnapshot, name: string): string | undefined {
  const i = columns.findIndex((column) => column.name === name);
  const [column, expression] = [columns[i], select[i]];
  if (!column || expression === undefined || (column.type !== 'BIGINT' && column.type !== 'DOUBLE')) return undefined;
  return `SELECT ${asFinite(column)} AS v FROM (SELECT ${expression} FROM ${'table' in source ? identifier(source.table) : `read_parquet(${literal(source.parquet)})`})`;
}

async function distancesOf(db: DuckDb, before: string, now: string, { winsorisedAt, hasFewValues = false }: ComparedColumn): Promise<DistributionDistances | undefined> {
  const [counts] = await db.rows(`SELECT (SELECT count(v) FROM (${before})) AS m, (SELECT count(v) FROM (${now})) AS n`);
  const [m, n] = [Number(counts?.['m']), Number(counts?.['n'])];
  if (m === 0 || n === 0) return undefined;
  const pooled = `SELECT v, 1::DOUBLE AS r, 0::DOUBLE AS s FROM (${before}) WHERE v IS NOT NULL UNION ALL SELECT v, 0, 1 FROM (${now}) WHERE v IS NOT NULL`;
  const sorted = hasFewValues ? `SELECT v, sum(r) AS r, sum(s) AS s FROM (${pooled}) GROUP BY v ORDER BY v` : `SELECT * FROM (${pooled}) ORDER BY v`;
  const walk = new DistributionWalk(m, n, winsorisedAt);
  for await (const chunk of db.chunks(sorted)) walk.go(doubles(chunk, 0), doubles(chunk, 1), doubles(chunk, 2), chunk.rowCount);
  return walk.distances();
}

/** Follows two distribution functions over ascending values. */
class DistributionWalk {
  /** How many values of each side are at most the current one: whole numbers, so no rounding adds up. */
  #below = 0;
  #belowInSample = 0;
  #value = Number.NaN;
  #kolmogorovSmirnov = 0;
  #wasserstein = 0;

  constructor(private readonly m: number, private readonly n: number, private readonly winsorisedAt: readonly [number, number]) {}

  go(values: Float64Array, ofReference: Float64Array, ofSample: Float64Array, rows: number): void {
    for (let i = 0; i < rows; i++) {
      const value = values[i] ?? Number.NaN;
      if (value !== this.#value) this.#step(value);
      this.#below += ofReference[i] ?? 0;
      this.#belowInSample += ofSample[i] ?? 0;
    }
  }

  distances(): DistributionDistances {
    return { kolmogorovSmirnov: this.#kolmogorovSmirnov, wasserstein: this.#wasserstein };
  }

  #step(next: number): void {
    const difference = Math.abs(this.#below / this.m - this.#belowInSample / this.n);
    this.#kolmogorovSmirnov = Math.max(this.#kolmogorovSmirnov, difference);
    if (difference > 0) this.#wasserstein += difference * (this.#clip(next) - this.#clip(this.#value));
    this.#value = next;
  }

  #clip(value: number): number {
    const [low, high] = this.winsorisedAt;
    return Math.min(Math.max(value, low), high);
  }
}
