import { AlertKind, FindingSeverity } from '@refit/contracts';
import { anomaly, onlyAnomalies, tolerate, type Check, type Subject } from '../finding.js';
import type { DatasetStatistics } from '../statistics.js';
import { percent, some } from '../wording.js';
import { hasRisen, shareOf } from './compare-shares.js';
import { seenColumns } from './seen-columns.js';

/** What fewer rows lack is too little to ask for a cause. */
const worthTelling = 0.01;

/**
 * Columns that lack values in the same rows, in which the reference has them: what delivers them together (a join, a
 * device, a partner) has failed for these rows. Each column alone may still be within what is allowed.
 */
export const checkMissingTogether: Check = (subject) => {
  const { statistics, expected } = subject;
  if (!expected) return onlyAnomalies([]);
  const risen = risenColumns(subject);
  const found = statistics.missingTogether
    ?.map(({ columns }) => columns.filter((name) => risen.has(name)))
    .filter((columns) => columns.length > 1)
    .map((columns) => ({ columns, now: withAll(statistics, columns), before: withAll(expected.reference, columns) }))
    .filter(({ now, before }) => shareOf(now) - shareOf(before) >= worthTelling && hasRisen(now, before))
    .toSorted((a, b) => b.columns.length * b.now.count - a.columns.length * a.now.count)[0];
  if (!found) return onlyAnomalies([]);
  const { columns, now, before } = found;
  return onlyAnomalies([anomaly(subject, {
    kind: 'COLUMNS_MISSING_TOGETHER', severity: FindingSeverity.WARNING, alertKind: AlertKind.FEATURE,
    message: `${some(columns, 6)} are missing together in ${percent(shareOf(now))} of the rows, reference ${percent(shareOf(before))}: what delivers them together may have failed there`,
    observed: percent(shareOf(now)), expected: percent(shareOf(before)), change: tolerate('COLUMNS_MISSING_TOGETHER', { upTo: shareOf(now) }),
  })]);
};

/** The columns that lack more values than in the reference. */
function risenColumns(subject: Subject): ReadonlySet<string> {
  const { statistics: { rows }, expected } = subject;
  return new Set(seenColumns(subject).flatMap(({ column, reference }) => {
    if (!reference || !expected) return [];
    return hasRisen({ count: column.missing, of: rows }, { count: reference.missing, of: expected.reference.rows }) ? [column.name] : [];
  }));
}

/** Rows that lack all of these, and maybe others. */
const withAll = ({ rows, missingTogether = [] }: DatasetStatistics, columns: readonly string[]) => ({
  count: missingTogether.filter((set) => columns.every((name) => set.columns.includes(name))).reduce((sum, set) => sum + set.rows, 0), of: rows,
});
