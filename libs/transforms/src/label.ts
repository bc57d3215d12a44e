import { RefitError, type Label } from '@refit/contracts';
import type { ColumnTable, TableColumn } from './column-table.js';
import { defineLabel, numberOfClass, type LabelDefinition } from './label-definition.js';

/** A table's label, ready to learn from. */
export interface ResolvedLabel {
  readonly definition: LabelDefinition;
  /** Per row of the table: class index, or the number itself in regression; NaN where there is none. */
  readonly target: Float64Array;
  /** Rows that have a label, ascending. */
  readonly rows: Uint32Array;
  /** Rows left out because they have none. */
  readonly dropped: number;
}

/**
 * The label of a table as a pipeline defines it.
 *
 * @throws RefitError LABEL_MISSING, LABEL_UNUSABLE (no row has one, one class only, constant, does not fit the task)
 */
export function resolveLabel(table: ColumnTable, spec: Label): ResolvedLabel {
  const definition = defineLabel(table, spec);
  const target = labelTargets(definition, table);
  const rows = labelledRows(target);
  requireVariety(target, rows, definition.column);
  return { definition, target, rows, dropped: table.rows - rows.length };
}

/**
 * The targets of any table under a definition made earlier: class index per row (or the number, in regression), NaN
 * where the label is missing or is none of the known classes.
 *
 * @throws RefitError LABEL_MISSING when the table has no such column, or one of another kind
 */
export function labelTargets(definition: LabelDefinition, table: ColumnTable): Float64Array {
  const column = table.columns.get(definition.column);
  if (column === undefined) throw new RefitError('LABEL_MISSING', `the data has no column "${definition.column}" for the label`);
  if (column.kind === 'category') return textTargets(column.codes, column.dictionary, definition.classes);
  return numberTargets(column, definition);
}

/** @throws RefitError LABEL_UNUSABLE when these rows have no two different targets: there is nothing to learn from them */
export function requireVariety(target: Float64Array, rows: Uint32Array, column: string): void {
  const first = target[rows[0] ?? -1];
  if (first === undefined) throw new RefitError('LABEL_UNUSABLE', `the label column "${column}" is empty in every row`);
  if (rows.every((row) => target[row] === first)) {
    throw new RefitError('LABEL_UNUSABLE', `the label column "${column}" is the same in all ${rows.length} rows to learn from: there is nothing to learn`);
  }
}

function labelledRows(target: Float64Array): Uint32Array {
  const rows = new Uint32Array(target.length);
  let count = 0;
  for (let row = 0; row < target.length; row++) if (!Number.isNaN(target[row])) rows[count++] = row;
  return rows.slice(0, count);
}

function textTargets(codes: Int32Array, dictionary: readonly string[], classes: readonly string[]): Float64Array {
  const indexOf = new Map(classes.map((name, index) => [name, index]));
  const ofCode = Float64Array.from(dictionary, (text) => indexOf.get(text) ?? NaN);
  return Float64Array.from(codes, (code) => ofCode[code] ?? NaN);
}

function numberTargets(column: TableColumn & { values: Float64Array }, { above, task, classes }: LabelDefinition): Float64Array {
  if (task === 'regression') return column.values;
  if (above !== undefined) return column.values.map((value) => (Number.isNaN(value) ? NaN : Number(value > above)));
  const indexOf = new Map(classes.map((name, index) => [numberOfClass(name), index]));
  return column.values.map((value) => indexOf.get(value) ?? NaN);
}
