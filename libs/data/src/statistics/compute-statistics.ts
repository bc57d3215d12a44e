import { semanticType, type ColumnStatistics, type DatasetStatistics, type Range } from '@refit/data-validation';
import { statisticsType, type SnapshotColumn } from '../column-types.js';
import type { DuckDb } from '../duckdb.js';
import { describeRows, type RowsSource } from '../snapshot-columns.js';
import type { ColumnTask } from './column-task.js';
import { divideColumns } from './divide-columns.js';
import { groupedCategories } from './grouped-categories.js';
import { groupedNumbers } from './grouped-numbers.js';
import { missingTogether } from './missing-together.js';
import { spreadNumbers } from './spread-numbers.js';
import { spreadTexts } from './spread-texts.js';
import { statisticsSource, type RowSelection } from './statistics-source.js';

export interface StatisticsOptions extends RowSelection {
  /** Histograms take its edges, and rows are counted for each of its most frequent values, so that the two can be compared. */
  readonly reference?: DatasetStatistics;
  /** By column: numbers outside are counted. */
  readonly ranges?: ReadonlyMap<string, Range>;
  /** Called with the share of the work that is done. */
  readonly onProgress?: (done: number) => void;
}

/** How many columns one query takes: their hash tables, or their bins, are in memory together. */
const columnsPerQuery = 16;

/**
 * Statistics of a snapshot, in a handful of queries however many columns it has. A column with few distinct values is
 * grouped by value, and everything about it is exact. One with many is not, as memory must not grow with the rows: its
 * `distinct` is an estimate with a stated error and its `top` lacks rare values; all else is exact there too.
 *
 * The same snapshot has the same statistics to the bit, on any number of threads.
 *
 * @param rowsIn a Parquet file, by its path, or another source of rows
 * @throws RefitError FEATURES_MISSING for a slice or weights by a column that is not there, REQUEST_INVALID for weights that are none
 */
export async function computeStatistics(db: DuckDb, rowsIn: string | RowsSource, options: StatisticsOptions = {}): Promise<DatasetStatistics> {
  const from = typeof rowsIn === 'string' ? { parquet: rowsIn } : rowsIn;
  const snapshot = await describeRows(db, from);
  const columns = snapshot.columns.filter(({ name }) => name !== options.weight);
  const source = await statisticsSource(db, from, snapshot, options);
  const tasks = columns.map((column) => columnTask(column, options));
  const { grouped, numbers, texts } = await divideColumns(db, source, tasks);
  const steps = [
    ...batches(grouped.filter(isNumber)).map((batch) => () => groupedNumbers(db, source, batch)),
    ...batches(grouped.filter((task) => !isNumber(task))).map((batch) => () => groupedCategories(db, source, batch)),
    ...batches(numbers).map((batch) => () => spreadNumbers(db, source, batch)),
    ...batches(texts).map((batch) => () => spreadTexts(db, source, batch)),
  ];
  const found = new Map<string, ColumnStatistics>();
  for (const [i, step] of steps.entries()) {
    options.onProgress?.((i + 1) / (steps.length + 1));
    for (const statistics of await step()) found.set(statistics.name, statistics);
  }
  const rows = source.weight?.total ?? source.rows;
  const described = columns.flatMap(({ name }) => found.get(name) ?? []).map((column) => (source.weight ? column : withMeaning(column, rows)));
  return { rows, columns: described, ...(!source.weight && (await missingTogether(db, source, described))) };
}

function columnTask(column: SnapshotColumn, { reference, ranges }: StatisticsOptions): ColumnTask {
  const before = reference?.columns.find(({ name }) => name === column.name);
  const range = ranges?.get(column.name);
  return { column, ...(before && { reference: before }), ...(range && { range }) };
}

const isNumber = ({ column }: ColumnTask) => ['integer', 'float', 'timestamp'].includes(statisticsType(column.type));

const withMeaning = ({ name, type, ...column }: ColumnStatistics, rows: number): ColumnStatistics =>
  ({ name, type, semantic: semanticType({ name, type, ...column }, rows), ...column });

const batches = <T>(items: readonly T[]): readonly (readonly T[])[] =>
  Array.from({ length: Math.ceil(items.length / columnsPerQuery) }, (_, i) => items.slice(i * columnsPerQuery, (i + 1) * columnsPerQuery));
