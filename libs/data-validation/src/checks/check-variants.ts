import { AlertKind, FindingSeverity } from '@refit/contracts';
import { anomaly, onlyAnomalies, type Check } from '../finding.js';
import type { ValueCount } from '../statistics.js';
import { percent, rowCount, some } from '../wording.js';
import { seenColumns } from './seen-columns.js';

/**
 * Categories that are one to a person and several to a model: "Bern", "bern", "Bern ". Looked for among the most frequent
 * values; those that the reference has as well are told as advice only.
 */
export const checkVariants: Check = (subject) => onlyAnomalies(seenColumns(subject).flatMap(({ column, reference, present }) => {
  if (column.type !== 'string' || column.semantic === 'identifier' || !column.top) return [];
  const groups = variants(column.top);
  if (groups.length === 0) return [];
  const known = new Set(reference?.top?.map(({ value }) => value));
  const isNews = !reference?.top || groups.some((group) => group.some(({ value }) => !known.has(value)));
  const rows = groups.reduce((total, [, ...others]) => total + others.reduce((sum, { count }) => sum + count, 0), 0);
  const listed = groups.map((group) => group.map(({ value }) => JSON.stringify(value.slice(0, 40))).join(' = '));
  return [anomaly(subject, {
    kind: 'CATEGORY_VARIANTS', severity: isNews ? FindingSeverity.WARNING : FindingSeverity.INFO, alertKind: AlertKind.FEATURE, column: column.name,
    message: `${column.name}: one category in several spellings: ${some(listed)}; ${rowCount(rows)} (${percent(rows / Math.max(present, 1))}) are not spelt as most${isNews ? '' : ', as in the reference'}`,
    observed: some(listed), expected: 'one spelling of each category',
  })];
}));

/** Values that differ only in what `plainly` looks past, the most frequent first. */
function variants(values: readonly ValueCount[]): readonly (readonly ValueCount[])[] {
  return [...Map.groupBy(values.filter(({ value }) => plainly(value) !== ''), ({ value }) => plainly(value)).values()]
    .filter((group) => group.length > 1)
    .map((group) => group.toSorted((a, b) => b.count - a.count));
}

/** A value without what people do not see or mean: case, blanks, invisible characters, forms of the same character, kinds of dashes and quotes. */
const plainly = (value: string): string =>
  value.normalize('NFKC').toLowerCase().replaceAll(/[\u00AD\u200B-\u200D\u2060\uFEFF]/gu, '').replaceAll(/[\u2010-\u2015\u2212]/gu, '-')
    .replaceAll(/[\u2018\u2019]/gu, "'").replaceAll(/\s+/gu, ' ').trim();
