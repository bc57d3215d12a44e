import { AlertKind, FindingSeverity } from '@refit/contracts';
import { anomaly, onlyAnomalies, type Check } from '../finding.js';
import { noForms } from '../text-forms.js';
import { percent } from '../wording.js';
import { differs, shareOf, type Share } from './compare-shares.js';
import { describeForms } from './describe-forms.js';
import { seenColumns, shareBefore } from './seen-columns.js';
import type { ColumnStatistics } from '../statistics.js';

/** From this share of numbers on, a column is meant to be one of numbers. */
const meant = 0.8;
/** A share that has changed by less is the same mix. */
const sameMix = 0.1;
/** Numbers beside so many codes with leading zeros are codes. */
const codes = 0.01;

const kinds = ['numbers', 'times', 'truths'] as const;
const names = { numbers: 'numbers', times: 'dates', truths: 'truth values' } as const;

/**
 * Text that is meant to be numbers, dates or truth values: nearly all of its values are, and the few others ("N/A") make
 * it a column of categories, which no model can learn a number from. Where the schema has another type, that is said
 * already. A mix that is no more like the reference's is worth a warning, too.
 */
export const checkMixedTypes: Check = (subject) => onlyAnomalies(seenColumns(subject).flatMap((seen) => {
  const { column, rule, present } = seen;
  if (column.type !== 'string' || (rule && rule.type !== 'string')) return [];
  const [now, before] = [mixOf(column, present), shareBefore(seen, (reference) => (reference.text ? mixOf(reference, seen.presentBefore).count : undefined))];
  const isMeant = shareOf(now) >= meant && now.count < present;
  const hasMoved = before !== undefined && Math.abs(shareOf(now) - shareOf(before)) >= sameMix && differs(now, before);
  if (!isMeant && !hasMoved) return [];
  const what = `${describeForms(column, present) ?? 'words only'}`;
  return [anomaly(subject, {
    kind: 'MIXED_TYPES', severity: FindingSeverity.WARNING, alertKind: AlertKind.SCHEMA, column: column.name,
    message: isMeant ? `${column.name}: text, but ${what}: what is no ${names[now.kind].slice(0, -1)} makes it a column of categories` : `${column.name}: ${what}; reference ${percent(shareOf(before ?? now))} ${names[now.kind]}`,
    observed: what, expected: isMeant ? `${names[now.kind]} only, or none` : `${percent(shareOf(before ?? now))} ${names[now.kind]}`,
  })];
}));

/** Of the values that are not missing in disguise, how many have the form that most have; none where they are codes. */
function mixOf({ text }: ColumnStatistics, present: number): Share & { readonly kind: (typeof kinds)[number]; readonly nullTokens: number } {
  const forms = { ...noForms, ...text?.forms };
  const of = present - forms.nullTokens;
  const [kind = 'numbers'] = kinds.toSorted((a, b) => forms[b] - forms[a]);
  const isCode = kind === 'numbers' && forms.codes > of * codes;
  return { kind, count: isCode ? 0 : forms[kind], of, nullTokens: forms.nullTokens };
}
