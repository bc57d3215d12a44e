/** What columns have to do with each other, on some of the rows. */
export interface ColumnRelations {
  readonly rows: number;
  /** How many of them were looked at; where not all, those that a hash chose. */
  readonly lookedAt: number;
  /** Pearson's, of numbers and truth values, the strongest first; those that are at least `weakestCorrelation`. */
  readonly correlations: readonly { readonly columns: readonly [string, string]; readonly value: number }[];
  /** Numbers beyond the first so many columns were not correlated; absent: all were. */
  readonly correlatedColumns?: number;
  readonly duplicates: RowsAlike;
  readonly label?: LabelRelations;
}

/** Rows that are like others; the rows looked at are chosen so that all that are alike are among them, or none. */
export interface RowsAlike {
  readonly lookedAt: number;
  /** How many more there are than different ones; of labels, how many rows a majority of equal rows contradicts. */
  readonly rows: number;
}

export interface LabelRelations {
  readonly column: string;
  /** auc: ROC AUC, of several classes one against the rest, weighted by their shares. r2: share of the variance. */
  readonly measure: 'auc' | 'r2';
  /** What each column by itself tells of the label, the most telling first. */
  readonly power: readonly { readonly column: string; readonly value: number }[];
  /** Rows alike in all else whose labels differ. */
  readonly conflicting: RowsAlike;
}

export const weakestCorrelation = 0.3;
