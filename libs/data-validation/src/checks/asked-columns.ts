import type { Subject } from '../finding.js';
import { isComparable, judgedColumns, type JudgedColumn } from '../judged-columns.js';
import { inEnvironment } from '../schema/environments.js';
import { isRunningNumber } from './looks-like-identifier.js';

/** Columns whose drift is judged, where the reference has them. */
export const askedColumns = (subject: Subject): readonly JudgedColumn[] =>
  judgedColumns(subject).filter((judged) => judged.rule.type !== 'timestamp' && !isNamingRows(subject, judged) && hasType(subject, judged) && hasValues(subject, judged));

/** A pipeline file that has limits for the column knows better. */
const isNamingRows = ({ gate }: Subject, { rule, reference }: JudgedColumn) =>
  reference !== undefined && isRunningNumber(reference) && !gate.driftLimits.some(({ column }) => column === rule.name);

/** Columns of which neither drift nor a range is judged though they are there. */
export interface Unjudged {
  readonly columns: readonly string[];
  readonly because: string;
}

/** What the gate does not ask of columns, for people to know. */
export function unjudgedDrift(given: Subject): readonly Unjudged[] {
  const subject = inEnvironment(given);
  const judged = judgedColumns(subject);
  const named = (columns: readonly JudgedColumn[]) => columns.map(({ rule }) => rule.name);
  return [
    { columns: named(judged.filter((column) => isNamingRows(subject, column))), because: 'an identifier, of which the next rows have others, so it has no range to keep to either' },
    { columns: named(judged.filter(({ rule }) => rule.type === 'timestamp')), because: 'times move on, so they have no range to keep to either; expectations say how fresh and in which order they have to be' },
  ].filter(({ columns }) => columns.length > 0);
}

/** A column that a person has accepted since, as a new one or with another type, is not in the reference as it is now. */
export const hasReference = ({ rule, reference }: JudgedColumn) => reference !== undefined && isComparable({ rule, column: reference });

/** A column of another type fails elsewhere; one without a value has none that could be another. */
const hasType = ({ statistics }: Subject, judged: JudgedColumn) => isComparable(judged) || judged.column.missing === statistics.rows;

/** A column that neither the reference nor this data has a value in has not moved. */
const hasValues = ({ statistics, expected }: Subject, { column, reference }: JudgedColumn) =>
  column.missing < statistics.rows || reference === undefined || reference.missing < (expected?.reference.rows ?? 0);
