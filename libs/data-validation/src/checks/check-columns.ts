import { AlertKind, FindingSeverity, nearest } from '@refit/contracts';
import { anomaly, onlyAnomalies, type Check } from '../finding.js';

/** Columns that disappeared, and columns that the schema does not know. */
export const checkColumns: Check = (subject) => {
  const { statistics, gate, expected } = subject;
  if (!expected) return onlyAnomalies([]);
  const ignored = new Set(gate.ignoredColumns);
  const present = new Map(statistics.columns.map((column) => [column.name, column]));
  const known = new Set(expected.schema.columns.map(({ name }) => name));
  const unknown = [...present.keys()].filter((name) => !known.has(name));
  const missing = expected.schema.columns
    .filter(({ name }) => !present.has(name) && !ignored.has(name))
    .map(({ name, type, required }) => anomaly(subject, {
      kind: 'SCHEMA_MISSING_COLUMN', severity: required ? FindingSeverity.FAILURE : FindingSeverity.WARNING, alertKind: AlertKind.SCHEMA, column: name,
      message: `${name}: the column is missing; the schema has it as ${type}${renamed(name, unknown)}`, observed: 'no such column', expected: type,
    }));
  const added = [...present.values()]
    .filter(({ name }) => !known.has(name) && !ignored.has(name))
    .map(({ name, type }) => anomaly(subject, {
      kind: 'SCHEMA_NEW_COLUMN', severity: gate.newColumn || FindingSeverity.WARNING, alertKind: AlertKind.SCHEMA, column: name,
      message: `${name}: a new column (${type}) that the schema does not know`, observed: type, expected: 'no such column',
    }));
  return onlyAnomalies([...missing, ...added]);
};

function renamed(name: string, unknown: readonly string[]): string {
  const meant = nearest(name, unknown);
  return meant === undefined ? '' : `; the new column "${meant}" may be it`;
}
