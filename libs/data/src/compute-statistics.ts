import type { ColumnStatistics, DatasetStatistics, Range } from '@refit/data-validation';
import type { ColumnTask } from './column-task.js';
import { statisticsType, type SnapshotColumn } from './column-types.js';
import { categoryStatistics } from './category-statistics.js';
import type { DuckDb } from './duckdb.js';
import { numberStatistics } from './number-statistics.js';
import { describeSnapshot } from './snapshot-columns.js';
import { literal } from './sql.js';

export interface StatisticsOptions {
  /** Histograms take its edges, and rows are counted for each of its most frequent values, so that the two can be compared. */
  readonly reference?: DatasetStatistics;
  /** By column: numbers outside are counted. */
  readonly ranges?: ReadonlyMap<string, Range>;
}

/** How many columns one query groups: their hash tables are in memory together. */
const columnsPerQuery = 8;

/**
 * Exact statistics of a snapshot. Each column is grouped by value in SQL; sums run in the order of the values, so the
 * same snapshot has the same statistics to the bit, on any number of threads.
 */
export async function computeStatistics(db: DuckDb, parquetPath: string, options: StatisticsOptions = {}): Promise<DatasetStatistics> {
  const { columns, rows } = await describeSnapshot(db, parquetPath);
  const tasks = columns.map((column) => columnTask(column, rows, options));
  const source = `read_parquet(${literal(parquetPath)})`;
  const found = new Map<string, ColumnStatistics>();
  for (const batch of batches(tasks.filter(({ column }) => isNumber(column)))) {
    for await (const statistics of numberStatistics(db, source, batch)) found.set(statistics.name, statistics);
  }
  for (const batch of batches(tasks.filter(({ column }) => !isNumber(column)))) {
    for (const statistics of await categoryStatistics(db, source, batch)) found.set(statistics.name, statistics);
  }
  return { rows, columns: columns.flatMap(({ name }) => found.get(name) ?? []) };
}

function columnTask(column: SnapshotColumn, rows: number, { reference, ranges }: StatisticsOptions): ColumnTask {
  const before = reference?.columns.find(({ name }) => name === column.name);
  const range = ranges?.get(column.name);
  return { column, rows, ...(before && { reference: before }), ...(range && { range }) };
}

const isNumber = ({ type }: SnapshotColumn) => ['integer', 'float', 'timestamp'].includes(statisticsType(type));

const batches = <T>(items: readonly T[]): readonly (readonly T[])[] =>
  Array.from({ length: Math.ceil(items.length / columnsPerQuery) }, (_, i) => items.slice(i * columnsPerQuery, (i + 1) * columnsPerQuery));
