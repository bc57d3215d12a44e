import type { SplitMembership } from '@refit/contracts';
import { membershipColumns, wasTrainedOn, type ColumnTable, type TableColumn } from '@refit/transforms';

/** The rows that have a label and that the model of this membership was not trained or tuned on; ascending. */
export function testRows(membership: SplitMembership, table: ColumnTable, targets: Float64Array): Uint32Array {
  const trainedOn = wasTrainedOn(membership, table);
  return Uint32Array.from(targets.keys()).filter((row) => trainedOn[row] === 0 && !Number.isNaN(targets[row]));
}

/** Places in `rows` (not rows of the table) whose rows the model of this membership can not have been trained on. */
export function placesUnseenBy(membership: SplitMembership, table: ColumnTable, rows: Uint32Array): Int32Array {
  const trainedOn = wasTrainedOn(membership, selectRows(table, rows, membershipColumns(membership)));
  return Int32Array.from(rows.keys()).filter((place) => trainedOn[place] === 0);
}

/** A small table: membership is asked of the test rows only, since some rules hash every row. */
function selectRows(table: ColumnTable, rows: Uint32Array, names: readonly string[]): ColumnTable {
  const columns = names.flatMap((name): [string, TableColumn][] => {
    const column = table.columns.get(name);
    return column ? [[name, selectFrom(column, rows)]] : [];
  });
  return { rows: rows.length, columns: new Map(columns) };
}

function selectFrom(column: TableColumn, rows: Uint32Array): TableColumn {
  if (column.kind === 'category') return { ...column, codes: Int32Array.from(rows, (row) => column.codes[row] ?? -1) };
  return { ...column, values: Float64Array.from(rows, (row) => column.values[row] ?? NaN) };
}
