import { AlertKind, FindingSeverity } from '@refit/contracts';
import { anomaly, onlyAnomalies, tolerate, type Check } from '../finding.js';
import type { ColumnStatistics } from '../statistics.js';
import { percentApart } from '../wording.js';

interface Broken {
  readonly kind: string;
  readonly what: string;
  readonly count: (column: ColumnStatistics) => number;
}

/** Statistics of older versions do not tell the two apart. */
const kinds: readonly Broken[] = [
  { kind: 'FLOAT_TYPE_HAS_NAN', what: 'NaN', count: ({ nan = 0 }) => nan },
  { kind: 'FLOAT_TYPE_HAS_INF', what: 'infinite', count: ({ nan, nonFinite }) => (nan === undefined ? 0 : nonFinite - nan) },
  { kind: 'FLOAT_TYPE_NOT_FINITE', what: 'NaN or infinite', count: ({ nan, nonFinite }) => (nan === undefined ? nonFinite : 0) },
];

/**
 * Numbers that are NaN or infinite. They count as missing in training, so they may rise as far as missing values may;
 * any at all are worth a warning. Without a reference (the first data) they are only that.
 */
export const checkFinite: Check = (subject) => {
  const { statistics: { rows, columns }, gate, expected } = subject;
  const allowed = gate.maximumNullRateIncrease;
  const found = columns.filter(({ name }) => !gate.ignoredColumns.includes(name)).flatMap((column) => kinds.filter(({ count }) => count(column) > 0).map((broken) => ({ column, broken })));
  return onlyAnomalies(found.map(({ column, broken: { kind, what, count } }) => {
    const { name } = column;
    const before = expected?.reference.columns.find((candidate) => candidate.name === name);
    const referenceRate = (before ? count(before) : 0) / Math.max(expected?.reference.rows ?? 0, 1);
    const rate = count(column) / rows;
    const tooMany = before !== undefined && rate - referenceRate > allowed;
    const percent = percentApart(rate, referenceRate + allowed);
    return anomaly(subject, {
      kind, severity: tooMany ? FindingSeverity.FAILURE : FindingSeverity.WARNING, alertKind: AlertKind.FEATURE, column: name,
      message: `${name}: ${percent(rate)} ${what}, reference ${percent(referenceRate)}, allowed rise ${percent(allowed)}`,
      observed: percent(rate), expected: `at most ${percent(referenceRate + allowed)}`, change: tolerate(kind, { upTo: rate }),
    });
  }));
};
