import { AlertKind, type Anomaly } from '@refit/contracts';
import { anomaly, onlyAnomalies, tolerate, type Check, type Subject } from '../finding.js';
import type { ColumnStatistics } from '../statistics.js';
import { percent, rowCount, some } from '../wording.js';
import { severityOfRise, shareOf } from './compare-shares.js';
import { seenColumns, shareBefore, type SeenColumn } from './seen-columns.js';

/**
 * Text that was damaged on its way: the sign that stands where bytes were no text, and letters that another encoding made
 * of them. What is damaged is as good as missing, so it may rise as far as that may.
 */
export const checkEncoding: Check = (subject) =>
  onlyAnomalies(seenColumns(subject).flatMap((seen) => [...damaged(subject, seen, replaced), ...damaged(subject, seen, mojibake)]));

interface Damage {
  readonly kind: string;
  readonly count: (column: ColumnStatistics) => number;
  readonly has: (value: string) => boolean;
  readonly what: string;
}

const replaced: Damage = {
  kind: 'ENUM_TYPE_INVALID_UTF8', count: ({ text }) => text?.replaced ?? 0, has: (value) => value.includes('\uFFFD'),
  what: 'the sign � where bytes were no valid text',
};

const mojibake: Damage = {
  kind: 'MOJIBAKE', count: ({ text }) => text?.forms?.mojibake ?? 0, has: (value) => /[\u00C2\u00C3\u00E2]\P{ASCII}/u.test(value),
  what: 'letters of an encoding that it was not written in',
};

function damaged(subject: Subject, seen: SeenColumn, { kind, count, has, what }: Damage): readonly Anomaly[] {
  const { column, present } = seen;
  const now = { count: count(column), of: present };
  if (now.count === 0) return [];
  const before = shareBefore(seen, count);
  const allowed = subject.gate.maximumNullRateIncrease;
  const examples = (column.top ?? []).filter(({ value }) => has(value)).map(({ value }) => `"${value.slice(0, 40)}"`);
  return [anomaly(subject, {
    kind, severity: severityOfRise(now, before, allowed), alertKind: AlertKind.FEATURE, column: column.name,
    message: `${column.name}: ${rowCount(now.count)} (${percent(shareOf(now))}) with ${what}${examples.length > 0 ? `: ${some(examples)}` : ''}${before ? `; reference ${percent(shareOf(before))}` : ''}`,
    observed: percent(shareOf(now)), expected: before ? `at most ${percent(shareOf(before) + allowed)}` : 'undamaged text',
    change: tolerate(kind, { upTo: shareOf(now) + allowed }),
  })];
}
