import { AlertKind, FindingSeverity, type ColumnRule } from '@refit/contracts';
import { anomaly, onlyAnomalies, type Check } from '../finding.js';
import { judgedColumns, type JudgedColumn } from '../judged-columns.js';
import type { ColumnStatistics } from '../statistics.js';
import { describeForms } from './describe-forms.js';

/**
 * Columns of another type than the schema's. Whole numbers are fine where others are expected; the other way round is
 * only worth a warning, as both are learnt from alike. A column without values has no type to speak of. Of text, it is told
 * what it holds: a few "N/A" make a column of numbers one of text. Truth values are one type and many spellings.
 */
export const checkTypes: Check = (subject) => onlyAnomalies(
  judgedColumns(subject)
    .filter((judged) => isRetyped(judged) && judged.column.missing < subject.statistics.rows)
    .map(({ rule, column, reference }) => anomaly(subject, {
      kind: 'UNEXPECTED_DATA_TYPE', column: rule.name, alertKind: AlertKind.SCHEMA,
      severity: rule.type === 'integer' && column.type === 'float' ? FindingSeverity.WARNING : FindingSeverity.FAILURE,
      message: `${rule.name}: ${otherTruths(column, rule, reference) ?? `${column.type} values where ${rule.type} is expected${shares(column, subject.statistics.rows)}`}`, observed: column.type, expected: rule.type,
      change: { case: 'type', value: column.type },
    })),
);

const isRetyped = ({ rule, column }: JudgedColumn) => rule.type !== column.type && !(rule.type === 'float' && column.type === 'integer');

/** Truth values are told in the words that they are written in: "yes" and "no" where true and false are expected. */
function otherTruths(column: ColumnStatistics, { type }: Pick<ColumnRule, 'type'>, reference: ColumnStatistics | undefined): string | undefined {
  const areExpected = type === 'boolean' || reference?.semantic === 'boolean';
  if (!areExpected || column.semantic !== 'boolean') return undefined;
  return `truth values written as ${truthsOf(column)} where ${type === 'boolean' || !reference ? 'true and false' : truthsOf(reference)} are expected`;
}

const truthsOf = ({ type, top = [] }: ColumnStatistics) =>
  type === 'boolean' ? 'true and false' : type === 'integer' ? '0 and 1' : top.map(({ value }) => `"${value}"`).sort().join(' and ');

function shares(column: ColumnStatistics, rows: number): string {
  const described = describeForms(column, rows - column.missing);
  return described === undefined ? '' : `: ${described}`;
}
