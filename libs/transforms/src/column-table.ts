/** Numbers; NaN is missing. Booleans are 0 and 1. */
export interface NumberColumn {
  readonly kind: 'number';
  readonly values: Float64Array;
}

/** Milliseconds since 1970; NaN is missing. */
export interface TimeColumn {
  readonly kind: 'time';
  readonly values: Float64Array;
}

/** Text: an index into `dictionary` for each row; -1 is missing. The dictionary is sorted, so that equal data has equal codes. */
export interface CategoryColumn {
  readonly kind: 'category';
  readonly codes: Int32Array;
  readonly dictionary: readonly string[];
}

export type TableColumn = NumberColumn | TimeColumn | CategoryColumn;

/** Data by column, each `rows` long. The row order is the snapshot's. */
export interface ColumnTable {
  readonly rows: number;
  readonly columns: ReadonlyMap<string, TableColumn>;
}
