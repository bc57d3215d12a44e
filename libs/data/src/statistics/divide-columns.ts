import type { DuckDb } from '../duckdb.js';
import type { ColumnTask, StatisticsSource } from './column-task.js';
import { sampleColumns, type SampledColumn } from './sample-columns.js';
import { scanColumns, type ScannedColumn } from './scan-columns.js';

/** Columns with more distinct values than this are not grouped by value. */
export const mostGrouped = 131_072;

/** A column with too many distinct values to group it by value. */
export interface SpreadColumn extends ColumnTask {
  readonly sampled: SampledColumn;
  readonly scanned: ScannedColumn;
}

export interface DividedColumns {
  readonly grouped: readonly ColumnTask[];
  readonly numbers: readonly SpreadColumn[];
  readonly texts: readonly SpreadColumn[];
}

/** Which columns can be grouped by value: a sample rules most of them in, and the others' distinct values are estimated. */
export async function divideColumns(db: DuckDb, source: StatisticsSource, tasks: readonly ColumnTask[]): Promise<DividedColumns> {
  if (source.rows <= mostGrouped || source.weight) return { grouped: tasks, numbers: [], texts: [] };
  const candidates = tasks.filter(({ column }) => column.type !== 'BOOLEAN');
  const samples = await sampleColumns(db, source, candidates.map(({ column }) => column), mostGrouped / 2);
  const scans = await scanColumns(db, source, candidates.map(({ column }) => column).filter(({ name }) => samples.has(name)), new Set([...samples].flatMap(([name, { hasForms }]) => (hasForms ? [name] : []))));
  const spread = candidates.flatMap((task): SpreadColumn[] => {
    const [sampled, scanned] = [samples.get(task.column.name), scans.get(task.column.name)];
    return sampled && scanned && scanned.distinct > mostGrouped ? [{ ...task, sampled, scanned }] : [];
  });
  const names = new Set(spread.map(({ column }) => column.name));
  const isText = ({ column }: ColumnTask) => column.type === 'VARCHAR';
  return {
    grouped: tasks.filter(({ column }) => !names.has(column.name)),
    numbers: spread.filter((task) => !isText(task)),
    texts: spread.filter(isText),
  };
}
