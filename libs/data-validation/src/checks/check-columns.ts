import { AlertKind, ColumnRuleSchema, event, FindingSeverity, nearest, type ColumnRule } from '@refit/contracts';
import { anomaly, onlyAnomalies, type Change, type Check, type Subject } from '../finding.js';
import { environmentsWithout } from '../schema/environments.js';
import { inferRule } from '../schema/infer-schema.js';
import { jsonBytes } from '../schema/schema-size.js';
import type { ColumnStatistics } from '../statistics.js';

/** A list of categories that is longer, in bytes of JSON, is left out of the rule of a new column. */
const longDomain = 2000;

/** Columns that disappeared, and columns that the schema does not know. One that need not be there cannot disappear. */
export const checkColumns: Check = (subject) => {
  const { statistics, gate, expected } = subject;
  if (!expected) return onlyAnomalies([]);
  const ignored = new Set(gate.ignoredColumns);
  const present = new Map(statistics.columns.map((column) => [column.name, column]));
  const known = new Set(expected.schema.columns.map(({ name }) => name));
  const unknown = [...present.keys()].filter((name) => !known.has(name));
  const missing = expected.schema.columns
    .filter(({ name, required }) => required && !present.has(name) && !ignored.has(name))
    .map(({ name, type, ...rule }) => anomaly(subject, {
      kind: 'SCHEMA_MISSING_COLUMN', severity: FindingSeverity.FAILURE, alertKind: AlertKind.SCHEMA, column: name, change: withoutColumn(subject, rule),
      message: `${name}: the column is missing; the schema has it as ${type}${renamed(name, unknown)}`, observed: 'no such column', expected: type,
    }));
  const added = [...present.values()]
    .filter(({ name }) => !known.has(name) && !ignored.has(name))
    .map(({ name, type, ...column }) => anomaly(subject, {
      kind: 'SCHEMA_NEW_COLUMN', severity: gate.newColumn || FindingSeverity.WARNING, alertKind: AlertKind.SCHEMA, column: name,
      message: `${name}: a new column (${type}) that the schema does not know`, observed: type, expected: 'no such column',
      change: { case: 'addColumn', value: ruleOfNew({ name, type, ...column }, statistics.rows) },
    }));
  return onlyAnomalies([...missing, ...added]);
};

/** For training it need not be there; other data may never have it. */
function withoutColumn({ environment = 'training' }: Subject, rule: Pick<ColumnRule, 'environments'>): Change {
  if (environment === 'training') return { case: 'makeOptional', value: true };
  return { case: 'environments', value: { names: [...environmentsWithout(rule, environment)] } };
}

function ruleOfNew(column: ColumnStatistics, rows: number): ColumnRule {
  const rule = inferRule(column, rows);
  return jsonBytes(rule.domain) > longDomain ? event(ColumnRuleSchema, { ...rule, domain: [] }) : rule;
}

function renamed(name: string, unknown: readonly string[]): string {
  const meant = nearest(name, unknown);
  return meant === undefined ? '' : `; the new column "${meant}" may be it`;
}
