import { measureExactly, withDuckDb } from '@refit/data';
import { comparedColumns, type DatasetStatistics } from '@refit/data-validation';
import type { Validating } from '../validating.js';

/**
 * Distances of numbers between the rows of two snapshots.
 *
 * @param reference and sample: local Parquet files
 * @param statistics of the reference
 */
export function measuredExactly({ gate, context: { signal } }: Validating, reference: string, sample: string, statistics: DatasetStatistics) {
  const columns = comparedColumns(statistics, statistics.columns.map(({ name }) => name).filter((name) => !gate.ignoredColumns.includes(name)));
  return withDuckDb({ files: [reference, sample], signal }, (db) => measureExactly(db, { parquet: reference }, { parquet: sample }, columns));
}
