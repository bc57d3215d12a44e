import { AlertKind, FindingSeverity } from '@refit/contracts';
import { anomaly, onlyAnomalies, tolerate, type Check } from '../finding.js';
import { percent } from '../wording.js';

/**
 * Numbers that are NaN or infinite. They count as missing in training, so they may rise as far as missing values may;
 * any at all are worth a warning. Without a reference (the first data) they are only that.
 */
export const checkFinite: Check = (subject) => {
  const { statistics: { rows, columns }, gate, expected } = subject;
  return onlyAnomalies(
    columns.filter(({ name, nonFinite }) => nonFinite > 0 && !gate.ignoredColumns.includes(name)).map(({ name, nonFinite }) => {
      const before = expected?.reference.columns.find((column) => column.name === name);
      const referenceRate = (before?.nonFinite ?? 0) / Math.max(expected?.reference.rows ?? 0, 1);
      const rate = nonFinite / rows;
      const tooMany = before !== undefined && rate - referenceRate > gate.maximumNullRateIncrease;
      return anomaly(subject, {
        kind: 'FLOAT_TYPE_NOT_FINITE', severity: tooMany ? FindingSeverity.FAILURE : FindingSeverity.WARNING, alertKind: AlertKind.FEATURE, column: name,
        message: `${name}: ${percent(rate)} NaN or infinite, reference ${percent(referenceRate)}, allowed rise ${percent(gate.maximumNullRateIncrease)}`,
        observed: percent(rate), expected: `at most ${percent(referenceRate + gate.maximumNullRateIncrease)}`,
        change: tolerate('FLOAT_TYPE_NOT_FINITE', { upTo: rate }),
      });
    }),
  );
};
