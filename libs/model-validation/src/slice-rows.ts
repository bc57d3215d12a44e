/** A column by whose values the test rows are sliced. */
export interface SliceColumn {
  readonly name: string;
  /** Per row an index into `values`; -1 is missing. */
  readonly codes: Int32Array;
  readonly values: readonly string[];
}

/** The rows of one value of a column. */
export interface Slice {
  /** `column=value` */
  readonly name: string;
  /** Ascending. */
  readonly rows: Int32Array;
}

/** How rows without a value appear among the slices. */
const missing = '(missing)';

export const sliceName = (column: string, value: string): string => `${column}=${value}`;

/** One slice per value that occurs, most rows first, equally large ones by name. Together they hold every row once. */
export function sliceRows({ name, codes, values }: SliceColumn): Slice[] {
  const starts = new Int32Array(values.length + 2); // rows of code c lie at starts[c + 1] … starts[c + 2]
  for (const code of codes) starts[code + 2] = (starts[code + 2] ?? 0) + 1;
  // starts[0] counts nothing: code -1 was counted at 1.
  for (let i = 1; i < starts.length; i += 1) starts[i] = (starts[i] ?? 0) + (starts[i - 1] ?? 0);
  const next = starts.slice();
  const rows = new Int32Array(codes.length);
  for (const [row, code] of codes.entries()) {
    const place = next[code + 1] ?? 0;
    rows[place] = row;
    next[code + 1] = place + 1;
  }
  return [missing, ...values]
    .map((value, i): Slice => ({ name: sliceName(name, value), rows: rows.subarray(starts[i] ?? 0, starts[i + 1] ?? 0) }))
    .filter((slice) => slice.rows.length > 0)
    .sort((a, b) => b.rows.length - a.rows.length || (a.name < b.name ? -1 : 1));
}
