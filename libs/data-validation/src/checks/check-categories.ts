import { AlertKind, FindingSeverity } from '@refit/contracts';
import { anomaly, onlyAnomalies, type Change, type Check } from '../finding.js';
import { judgedColumns } from '../judged-columns.js';
import { longestCategory } from '../schema/infer-schema.js';
import { topValues, type ColumnStatistics } from '../statistics.js';
import { percentApart, some } from '../wording.js';
import { columnLimits } from './column-limits.js';

/**
 * Categories that the schema's domain does not have, by the share of rows they make up; where the pipeline file says which
 * share of a column's values must be in the domain, by that of the values. Columns without a domain are free.
 */
export const checkCategories: Check = (subject) => {
  const { statistics: { rows }, gate } = subject;
  return onlyAnomalies(
    judgedColumns(subject).flatMap(({ rule, column, reference }) => {
      if (rule.domain.length === 0 || column.type !== rule.type || rows === 0) return [];
      const domain = new Set(rule.domain);
      const unseen = rowsOutside(domain, column, reference, rows);
      if (unseen === 0) return [];
      const mass = columnLimits(gate, rule.name)?.minimumDomainMass;
      const allowed = mass === undefined ? gate.maximumUnseenCategoryRate : 1 - mass;
      const rate = unseen === undefined ? 1 : unseen / (mass === undefined ? rows : rows - column.missing);
      const percent = percentApart(rate, allowed);
      const values = (column.top ?? []).map(({ value }) => value).filter((value) => !domain.has(value));
      return [anomaly(subject, {
        kind: reference?.semantic === 'boolean' ? 'BOOL_TYPE_UNEXPECTED_STRING' : 'ENUM_TYPE_UNEXPECTED_STRING_VALUES', severity: rate > allowed ? FindingSeverity.FAILURE : FindingSeverity.WARNING,
        alertKind: AlertKind.FEATURE, column: rule.name,
        message: unseen === undefined
          ? `${rule.name}: rows in unseen categories could not be counted`
          : `${rule.name}: ${percent(rate)} of rows in categories never seen before (${some(values.map((value) => `"${value.slice(0, 40)}"`))}), allowed ${percent(allowed)}`,
        observed: percent(rate), expected: `at most ${percent(allowed)}`,
        change: widerDomain(column, domain, values),
      })];
    }),
  );
};

/** The values one by one where all of them are known and as few as a list of categories may have; else any. */
function widerDomain({ top = [], distinct }: ColumnStatistics, domain: ReadonlySet<string>, unseen: readonly string[]): Change {
  const isShort = domain.size + unseen.length <= topValues && unseen.every((value) => value.length <= longestCategory);
  return top.length === distinct && isShort ? { case: 'addValues', value: { values: [...unseen] } } : { case: 'anyValue', value: true };
}

/** undefined when the statistics do not tell. */
function rowsOutside(domain: ReadonlySet<string>, column: ColumnStatistics, reference: ColumnStatistics | undefined, rows: number): number | undefined {
  const present = rows - column.missing;
  if (column.top && column.top.length === column.distinct) {
    return column.top.reduce((total, { value, count }) => (domain.has(value) ? total : total + count), 0);
  }
  const counted = reference?.top?.every(({ value }) => domain.has(value)) && reference.top.length === domain.size;
  return counted && column.ofReferenceTop ? present - column.ofReferenceTop.reduce((total, count) => total + count, 0) : undefined;
}
