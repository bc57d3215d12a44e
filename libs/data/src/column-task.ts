import type { ColumnStatistics, Range } from '@refit/data-validation';
import type { SnapshotColumn } from './column-types.js';

/** What the statistics of one column start from. */
export interface ColumnTask {
  readonly column: SnapshotColumn;
  readonly rows: number;
  readonly reference?: ColumnStatistics;
  readonly range?: Range;
}
