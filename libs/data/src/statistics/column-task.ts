import type { ColumnStatistics, Range } from '@refit/data-validation';
import type { SnapshotColumn } from '../column-types.js';

/** What the statistics of one column start from. */
export interface ColumnTask {
  readonly column: SnapshotColumn;
  readonly reference?: ColumnStatistics;
  readonly range?: Range;
}

/** The rows that statistics are of. */
export interface StatisticsSource {
  /** What SQL selects from: the columns, and `file_row_number`. */
  readonly relation: string;
  readonly rows: number;
  /** Set where rows count by the weight in a column: their weights in all. */
  readonly weight?: { readonly column: string; readonly total: number };
}
