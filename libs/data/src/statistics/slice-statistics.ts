import type { DatasetStatistics } from '@refit/data-validation';
import type { DuckDb } from '../duckdb.js';
import { describeRows, type RowsSource } from '../snapshot-columns.js';
import { computeStatistics, type StatisticsOptions } from './compute-statistics.js';
import { column, statisticsSource } from './statistics-source.js';

export interface SlicedStatistics {
  readonly column: string;
  /** The values with the most rows first; null: the rows without a value. */
  readonly slices: readonly { readonly value: string | null; readonly statistics: DatasetStatistics }[];
  /** How many other values there are, which have fewer rows. */
  readonly others: number;
}

/** Of how many values statistics are made, each from its rows. */
export const mostSlices = 20;

/**
 * Statistics of the rows of each value of a column by themselves.
 *
 * @throws RefitError FEATURES_MISSING, REQUEST_INVALID, see `computeStatistics`
 */
export async function sliceStatistics(db: DuckDb, rowsIn: RowsSource, by: string, options: Omit<StatisticsOptions, 'slice' | 'onProgress'> = {}): Promise<SlicedStatistics> {
  const snapshot = await describeRows(db, rowsIn);
  const { relation } = await statisticsSource(db, rowsIn, snapshot, {});
  const values = await db.rows(`SELECT CAST(${column(snapshot.columns, by)} AS VARCHAR) AS value, count(*) AS n, count(*) OVER () AS all FROM ${relation} GROUP BY 1 ORDER BY n DESC, value LIMIT ${mostSlices}`);
  const slices: { value: string | null; statistics: DatasetStatistics }[] = [];
  for (const row of values) {
    const value = row['value'] === null ? null : String(row['value']);
    slices.push({ value, statistics: await computeStatistics(db, rowsIn, { ...options, slice: { column: by, value } }) });
  }
  return { column: by, slices, others: Math.max(Number(values[0]?.['all'] ?? 0) - slices.length, 0) };
}
