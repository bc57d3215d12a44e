import { AlertKind, FindingSeverity } from '@refit/contracts';
import { anomaly, onlyAnomalies, type Check } from '../finding.js';
import { judgedColumns } from '../judged-columns.js';
import { percent } from '../wording.js';

/** Columns with more missing values than the reference had, by more than the gate allows. */
export const checkMissingValues: Check = (subject) => {
  const { statistics: { rows }, gate: { maximumNullRateIncrease: allowed } } = subject;
  if (rows === 0) return onlyAnomalies([]);
  return onlyAnomalies(
    judgedColumns(subject).flatMap(({ rule, column }) => {
      const rate = column.missing / rows;
      if (rate - rule.nullRate <= allowed) return [];
      return [anomaly(subject, {
        kind: 'FEATURE_TYPE_LOW_FRACTION_PRESENT', severity: FindingSeverity.FAILURE, alertKind: AlertKind.FEATURE, column: rule.name,
        message: `${rule.name}: ${percent(rate)} missing, reference ${percent(rule.nullRate)}, allowed rise ${percent(allowed)}`,
        observed: percent(rate), expected: `at most ${percent(rule.nullRate + allowed)}`,
      })];
    }),
  );
};
