import type { ColumnStatistics, Range } from '@refit/data-validation';
import type { SnapshotColumn } from '../column-types.js';
import { identifier } from '../sql.js';

/** What the statistics of one column start from. */
export interface ColumnTask {
  readonly column: SnapshotColumn;
  readonly reference?: ColumnStatistics;
  readonly range?: Range;
}

/** What a row is told from all others by. */
export const rowNumber = identifier('refit:row');

/** The rows that statistics are of. */
export interface StatisticsSource {
  /** What SQL selects from: the columns in their snapshot types, and the `rowNumber`. */
  readonly relation: string;
  readonly rows: number;
  /** Set where rows count by the weight in a column: their weights in all. */
  readonly weight?: { readonly column: string; readonly total: number };
}
