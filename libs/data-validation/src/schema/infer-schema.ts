import { canonicalJson, ColumnRuleSchema, DataSchemaSchema, event, type ColumnRule, type DataSchema } from '@refit/contracts';
import { isNumeric } from '../judged-columns.js';
import { topValues, type ColumnStatistics, type DatasetStatistics } from '../statistics.js';

/** The schema goes into one event: what it may take there, in bytes of JSON. */
const maximumBytes = 56_000;
const longestCategory = 100;

/**
 * The schema that data fits: its columns and their types, rates of missing values, ranges of numbers, and the categories
 * of text that has few of them (at most 100, as in TFDV, and at least two rows for each on average). A column without
 * a value is not required.
 */
export function inferSchema({ rows, columns }: DatasetStatistics): DataSchema {
  const rules = columns.map((column) => inferRule(column, rows));
  return event(DataSchemaSchema, { columns: withinBytes(rules) });
}

function inferRule(column: ColumnStatistics, rows: number): ColumnRule {
  const { name, type, missing, numeric } = column;
  return event(ColumnRuleSchema, {
    name,
    type,
    required: missing < rows,
    nullRate: rows > 0 ? missing / rows : 0,
    ...(isNumeric(type) && numeric && { minimum: numeric.minimum, maximum: numeric.maximum }),
    domain: domainOf(column, rows - missing),
  });
}

function domainOf({ type, distinct, top = [] }: ColumnStatistics, present: number): string[] {
  if (type !== 'string' || distinct > topValues || distinct * 2 > present) return [];
  const values = top.map(({ value }) => value);
  return values.length < distinct || values.some((value) => value.length > longestCategory) ? [] : values.sort();
}

/** Gives up the longest domains where there are too many: such columns are free. */
function withinBytes(rules: readonly ColumnRule[]): ColumnRule[] {
  const size = (rule: ColumnRule) => bytes(rule.domain);
  let total = bytes(rules);
  const given = new Set<string>();
  for (const rule of [...rules].sort((a, b) => size(b) - size(a))) {
    if (total <= maximumBytes) break;
    total -= size(rule);
    given.add(rule.name);
  }
  return rules.map((rule) => (given.has(rule.name) ? event(ColumnRuleSchema, { ...rule, domain: [] }) : rule));
}

const bytes = (value: unknown) => new TextEncoder().encode(canonicalJson(value)).length;
