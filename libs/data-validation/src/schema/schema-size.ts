import { canonicalJson, ColumnRuleSchema, event, type ColumnRule } from '@refit/contracts';

/** The schema goes into one event: what it may take there, in bytes of JSON. */
const maximumBytes = 56_000;

/** Gives up the longest domains where there are too many: such columns are free. */
export function fitIntoEvent(rules: readonly ColumnRule[]): ColumnRule[] {
  const size = (rule: ColumnRule) => jsonBytes(rule.domain);
  let total = jsonBytes(rules);
  const given = new Set<string>();
  for (const rule of [...rules].sort((a, b) => size(b) - size(a))) {
    if (total <= maximumBytes) break;
    total -= size(rule);
    given.add(rule.name);
  }
  return rules.map((rule) => (given.has(rule.name) ? event(ColumnRuleSchema, { ...rule, domain: [] }) : rule));
}

/** As JSON, in UTF-8. */
export const jsonBytes = (value: unknown) => new TextEncoder().encode(canonicalJson(value)).length;
