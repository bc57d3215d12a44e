import type { SliceColumn } from '@refit/model-validation';
import type { ColumnTable, TableColumn } from '@refit/transforms';

/** A number column with more distinct values than this is a measurement, not categories. */
const mostNumbers = 200;

/**
 * The columns to slice by, for these rows of the table. A column that the data lacks, or that holds no categories, is
 * left out: the model gate then finds nothing to judge its slices by.
 *
 * @param booleans names of the columns whose 0 and 1 are false and true
 */
export const sliceColumns = (table: ColumnTable, rows: Uint32Array, names: readonly string[], booleans: ReadonlySet<string>): SliceColumn[] =>
  names.flatMap((name) => {
    const column = table.columns.get(name);
    const sliced = column && sliceColumn(column, rows, booleans.has(name));
    return sliced ? [{ name, ...sliced }] : [];
  });

function sliceColumn(column: TableColumn, rows: Uint32Array, isBoolean: boolean): Omit<SliceColumn, 'name'> | undefined {
  switch (column.kind) {
    case 'category':
      return { codes: Int32Array.from(rows, (row) => column.codes[row] ?? -1), values: column.dictionary };
    case 'number':
      return numberCategories(column.values, rows, isBoolean);
    case 'time':
      return undefined;
  }
}

function numberCategories(values: Float64Array, rows: Uint32Array, isBoolean: boolean): Omit<SliceColumn, 'name'> | undefined {
  const codeOf = new Map<number, number>();
  const codes = new Int32Array(rows.length);
  for (const [i, row] of rows.entries()) {
    const value = values[row] ?? NaN;
    if (!Number.isNaN(value) && !codeOf.has(value)) codeOf.set(value, codeOf.size);
    if (codeOf.size > mostNumbers) return undefined;
    codes[i] = codeOf.get(value) ?? -1;
  }
  return { codes, values: [...codeOf.keys()].map((value) => (isBoolean ? String(value === 1) : String(value))) };
}
