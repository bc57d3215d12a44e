import { AlertKind, FindingSeverity } from '@refit/contracts';
import { anomaly, onlyAnomalies, type Check } from '../finding.js';
import { judgedColumns, type JudgedColumn } from '../judged-columns.js';
import type { ColumnStatistics } from '../statistics.js';
import { describeForms } from './describe-forms.js';

/**
 * Columns of another type than the schema's. Whole numbers are fine where others are expected; the other way round is
 * only worth a warning, as both are learnt from alike. A column without values has no type to speak of. Of text, it is told
 * what it holds: a few "N/A" make a column of numbers one of text.
 */
export const checkTypes: Check = (subject) => onlyAnomalies(
  judgedColumns(subject)
    .filter((judged) => isRetyped(judged) && judged.column.missing < subject.statistics.rows)
    .map(({ rule, column }) => anomaly(subject, {
      kind: 'UNEXPECTED_DATA_TYPE', column: rule.name, alertKind: AlertKind.SCHEMA,
      severity: rule.type === 'integer' && column.type === 'float' ? FindingSeverity.WARNING : FindingSeverity.FAILURE,
      message: `${rule.name}: ${column.type} values where ${rule.type} is expected${shares(column, subject.statistics.rows)}`, observed: column.type, expected: rule.type,
      change: { case: 'type', value: column.type },
    })),
);

const isRetyped = ({ rule, column }: JudgedColumn) => rule.type !== column.type && !(rule.type === 'float' && column.type === 'integer');

function shares(column: ColumnStatistics, rows: number): string {
  const described = describeForms(column, rows - column.missing);
  return described === undefined ? '' : `: ${described}`;
}
