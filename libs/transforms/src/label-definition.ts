import { insteadOfColumn, RefitError, type Label } from '@refit/contracts';
import type { CategoryColumn, ColumnTable, NumberColumn, TableColumn } from './column-table.js';
import { taskName, type TaskName } from './task.js';

/** What a model was asked to predict: decided once from the training data, then the same for every other table. */
export interface LabelDefinition {
  readonly column: string;
  /** Set when the label is "column is greater than this". */
  readonly above?: number;
  readonly task: TaskName;
  /** Label values by class index; binary: negative first, positive second; empty for regression. */
  readonly classes: readonly string[];
}

/** Without a task in the pipeline, a label with at most this many distinct values (text or small integers) is a class. */
const AUTOMATIC_CLASSES = 20;
const MAXIMUM_CLASSES = 100;
const LARGEST_SMALL_INTEGER = 100;

/**
 * Decides the task and the classes: `above` → binary; two distinct values → binary; text or small integers with at
 * most 20 distinct values → multiclass; other numbers → regression. `spec.task` overrides.
 *
 * @throws RefitError LABEL_MISSING when there is no such column; LABEL_UNUSABLE when its values cannot be the label asked for
 */
export function defineLabel(table: ColumnTable, spec: Label): LabelDefinition {
  const column = table.columns.get(spec.column);
  if (column === undefined) {
    throw new RefitError('LABEL_MISSING', `the data has no column "${spec.column}" for the label (${insteadOfColumn(spec.column, [...table.columns.keys()])}); name another in label, or deliver data that has it`);
  }
  if (column.kind === 'time') throw unusable(spec.column, 'holds times; a label is a number or a class');
  if (spec.above !== undefined) return exceedance(column, spec, spec.above);
  const asked = taskName(spec.task);
  if (asked === 'regression') return regression(column, spec.column);
  const classes = column.kind === 'category' ? textClasses(column) : numberClasses(column, asked !== undefined);
  const task = asked ?? automaticTask(classes);
  if (task === 'regression' || classes === undefined) return regression(column, spec.column);
  return { column: spec.column, task, classes: orderedClasses(classes, task, spec) };
}

/** The classes of a definition by what they are in this column's values: number or dictionary entry → class index. */
export const numberOfClass = (name: string): number => (name === 'true' ? 1 : name === 'false' ? 0 : Number(name));

function exceedance(column: TableColumn, spec: Label, above: number): LabelDefinition {
  if (column.kind !== 'number') throw unusable(spec.column, `holds text, so it cannot be compared with ${above}`);
  const asked = taskName(spec.task);
  if (asked !== undefined && asked !== 'binary') throw unusable(spec.column, `with "above" is a binary label, but the task is ${asked}`);
  return { column: spec.column, above, task: 'binary', classes: [`${spec.column} <= ${above}`, `${spec.column} > ${above}`] };
}

function regression(column: NumberColumn | CategoryColumn, name: string): LabelDefinition {
  if (column.kind === 'category') {
    throw unusable(name, `holds text with more than ${AUTOMATIC_CLASSES} distinct values or is to be predicted as a number: set another label, or the task to multiclass`);
  }
  return { column: name, task: 'regression', classes: [] };
}

function automaticTask(classes: readonly string[] | undefined): TaskName {
  if (classes === undefined || classes.length > AUTOMATIC_CLASSES) return 'regression';
  return classes.length <= 2 ? 'binary' : 'multiclass';
}

function textClasses(column: CategoryColumn): readonly string[] {
  const used = new Uint8Array(column.dictionary.length);
  for (const code of column.codes) if (code >= 0) used[code] = 1;
  return column.dictionary.filter((_, code) => used[code] === 1);
}

/** Undefined when the numbers are measurements and not classes. */
function numberClasses(column: NumberColumn, asked: boolean): readonly string[] | undefined {
  const limit = asked ? MAXIMUM_CLASSES : AUTOMATIC_CLASSES;
  const distinct = new Set<number>();
  for (const value of column.values) {
    if (Number.isNaN(value)) continue;
    distinct.add(value);
    if (distinct.size > limit) return asked ? [...distinct].map(String) : undefined;
  }
  const values = [...distinct].sort((a, b) => a - b);
  const small = values.every((v) => Number.isInteger(v) && Math.abs(v) <= LARGEST_SMALL_INTEGER);
  return asked || small || values.length <= 2 ? values.map(String) : undefined;
}

function orderedClasses(classes: readonly string[], task: TaskName, spec: Label): readonly string[] {
  if (classes.length < 2) throw unusable(spec.column, classes.length === 0 ? 'is empty in every row' : `is ${String(classes[0])} in every row: there is nothing to learn`);
  if (classes.length > MAXIMUM_CLASSES) throw unusable(spec.column, `has more than ${MAXIMUM_CLASSES} distinct values`);
  if (task === 'multiclass') return classes;
  if (classes.length > 2) throw unusable(spec.column, `has ${classes.length} distinct values, but the task is binary: name a column with two, or set "above"`);
  if (spec.positiveClass === '') return classes;
  const positive = classes.find((name) => name === spec.positiveClass || name === String(numberOfClass(spec.positiveClass)));
  if (positive === undefined) throw unusable(spec.column, `never is "${spec.positiveClass}", the positive class; it is ${classes.join(' or ')}`);
  return [...classes.filter((name) => name !== positive), positive];
}

const unusable = (column: string, why: string) => new RefitError('LABEL_UNUSABLE', `the label column "${column}" ${why}`);
