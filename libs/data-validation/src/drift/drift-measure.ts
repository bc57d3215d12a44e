import { DistanceSchema, DriftMeasureSchema, DriftVerdict, event, type Distance, type DriftMeasure } from '@refit/contracts';
import { measured, type Measurement } from './column-drift.js';
import type { JudgedDrift } from './judge-columns.js';

const verdicts: Readonly<Record<JudgedDrift['verdict'], DriftVerdict>> = {
  steady: DriftVerdict.STEADY, moved: DriftVerdict.MOVED, insufficient: DriftVerdict.TOO_FEW_ROWS, unknown: DriftVerdict.UNKNOWN,
};

/**
 * What was measured of a column and what was made of it, as events carry it: numbers to six digits.
 *
 * @param against the batch that it was compared with; empty: the reference
 */
export function driftMeasure(batch: string, drift: JudgedDrift, against = ''): DriftMeasure {
  const psi = measured(drift, 'psi');
  return event(DriftMeasureSchema, {
    column: drift.column, batch, against, measure: 'psi', rows: drift.values, referenceRows: drift.referenceValues,
    ...(psi && { value: rounded(psi.value), pValue: rounded(drift.pValue) }),
    ...(psi?.chanceLimit !== undefined && { chanceLimit: rounded(psi.chanceLimit) }),
    warningAt: drift.limits.psi.warning, failureAt: drift.limits.psi.failure,
    verdict: verdicts[drift.verdict], severity: drift.severity, seen: drift.seen,
    distances: drift.measurements.filter(({ name }) => name !== 'psi').map((measurement) => distance(measurement, drift)),
  });
}

const distance = ({ name, value, error, pValue }: Measurement, { limits }: JudgedDrift): Distance =>
  event(DistanceSchema, {
    name, value: rounded(value), error: rounded(error ?? 0), ...(pValue !== undefined && { pValue: rounded(pValue) }),
    ...(name === 'wasserstein' && { warningAt: limits.wasserstein.warning, failureAt: limits.wasserstein.failure }),
  });

const rounded = (value: number) => Number(value.toPrecision(6));
