import { AlertKind, FindingSeverity, type Anomaly } from '@refit/contracts';
import { anomaly, onlyAnomalies, tolerate, type Check, type Subject } from '../finding.js';
import type { ColumnStatistics, DatasetStatistics } from '../statistics.js';
import { percentApart, rowCount } from '../wording.js';
import { shareOf } from './compare-shares.js';

/** Of a gate that says nothing: shares of the rows. */
export const usualRowsAlike = { duplicates: 0.05, conflicts: 0.05 } as const;

/**
 * Rows that are there twice, and rows alike in all but the label. Where the columns have so few values that many rows are
 * alike by chance, both are ordinary and nothing is said.
 */
export const checkRowsAlike: Check = (subject) => {
  const { relations, statistics } = subject;
  if (!relations || isCoarse(statistics)) return onlyAnomalies([]);
  return onlyAnomalies([...duplicates(subject, relations.duplicates), ...conflicts(subject, relations.label)]);
};

type Relations = NonNullable<Subject['relations']>;

function duplicates(subject: Subject, { rows, lookedAt }: Relations['duplicates']): readonly Anomaly[] {
  const [share, allowed] = [shareOf({ count: rows, of: lookedAt }), subject.gate.maximumDuplicateRate ?? usualRowsAlike.duplicates];
  if (share <= allowed) return [];
  const percent = percentApart(share, allowed);
  return [anomaly(subject, {
    kind: 'DUPLICATE_ROWS', severity: FindingSeverity.WARNING, alertKind: AlertKind.FEATURE,
    message: `${rowCount(rows)} (${percent(share)}) are there already, alike in every column; allowed ${percent(allowed)}`,
    observed: percent(share), expected: `at most ${percent(allowed)}`, change: tolerate('DUPLICATE_ROWS', { upTo: share }),
  })];
}

function conflicts(subject: Subject, label: Relations['label']): readonly Anomaly[] {
  // Numbers that are measured differ a little in rows alike.
  if (!label || label.measure !== 'auc') return [];
  const { column, conflicting: { rows, lookedAt } } = label;
  const [share, allowed] = [shareOf({ count: rows, of: lookedAt }), subject.gate.maximumConflictRate ?? usualRowsAlike.conflicts];
  if (share <= allowed) return [];
  const percent = percentApart(share, allowed);
  return [anomaly(subject, {
    kind: 'CONFLICTING_LABELS', severity: FindingSeverity.WARNING, alertKind: AlertKind.FEATURE, column,
    message: `${column}: ${rowCount(rows)} (${percent(share)}) contradict the majority of the rows that are alike in all other columns; allowed ${percent(allowed)}`,
    observed: percent(share), expected: `at most ${percent(allowed)}`, change: tolerate('CONFLICTING_LABELS', { upTo: share }),
  })];
}

/** From this share of rows that have a like by chance on, being alike tells nothing. */
const ordinary = 0.01;

/**
 * Whether rows of independent columns would often be alike: the chance that two are is the product, over the columns, of
 * the chance that two of its values are the same, and a row meets all others.
 */
function isCoarse({ rows, columns }: DatasetStatistics): boolean {
  const same = columns.reduce((product, column) => product * sameByChance(column, rows), 1);
  return same * rows > ordinary;
}

/** Sum of the squared shares of its values; where not all are listed, as if the others were equally frequent. */
function sameByChance({ distinct, top = [], missing, numeric }: ColumnStatistics, rows: number): number {
  if (distinct <= 1 || rows === 0) return 1;
  const listed = top.length > 0 ? top.map(({ count }) => count) : numeric?.mode ? [numeric.mode.count] : [];
  const rest = Math.max(rows - missing - listed.reduce((sum, count) => sum + count, 0), 0);
  const others = Math.max(distinct - listed.length, rest > 0 ? 1 : 0);
  const squares = [...listed, missing].reduce((sum, count) => sum + (count / rows) ** 2, 0);
  return Math.min(squares + (others > 0 ? (rest / rows) ** 2 / others : 0), 1);
}
