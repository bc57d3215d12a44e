import { FindingSeverity } from '@refit/contracts';
import { measured, type ColumnDrift, type Measurement } from './column-drift.js';
import { discoveryThreshold } from './significance/benjamini-hochberg.js';

/** From where on a difference is worth a warning, and from where on it is not to be lived with. */
export interface DriftLimits {
  readonly psi: Limits;
  /** Wasserstein-1 in standard deviations of the reference. */
  readonly wasserstein: Limits;
}

export interface Limits {
  readonly warning: number;
  readonly failure: number;
}

export interface JudgedDrift extends ColumnDrift {
  readonly limits: DriftLimits;
  /**
   * unknown: no values to compare. insufficient: too few rows to say. steady: no difference that is both credible and
   * large. moved: there is one.
   */
  readonly verdict: 'unknown' | 'insufficient' | 'steady' | 'moved';
  /** With all columns that were asked, the difference is more than chance: of such findings at most 1 in 200 is false. */
  readonly credible: boolean;
  /** WARNING or FAILURE when moved, FAILURE when unknown, else UNSPECIFIED. */
  readonly severity: FindingSeverity;
  /** What its severity is due to. */
  readonly by?: Measurement;
}

/** Its missing values are asked with as much again: in all, a column that has not moved is wrongly told of in at most 1 of 100 cases. */
const falseDiscoveries = 0.005;
/** Of the rows that are needed, the share that must have a value. */
const fewestPresent = 1 / 3;

/**
 * A column has moved where the difference is credible and large enough to matter. Credible: its p-value, which counts
 * each of the tests of the column, is a discovery at a false discovery rate of .5 % among all columns (Benjamini and
 * Hochberg). Large: the stability index or the Wasserstein distance has reached its limit. With a great many rows every
 * difference is credible, with few every one is large.
 */
export function judgeColumns(columns: readonly ColumnDrift[], limitsOf: (column: string) => DriftLimits, minimumRows: number): readonly JudgedDrift[] {
  const isUnknown = (drift: ColumnDrift) => !measured(drift, 'psi');
  const hasEnough = ({ sampleRows, referenceRows, values, referenceValues }: ColumnDrift) =>
    Math.min(sampleRows, referenceRows) >= minimumRows && Math.min(values, referenceValues) >= minimumRows * fewestPresent;
  const asked = columns.filter((drift) => !isUnknown(drift) && hasEnough(drift));
  const threshold = discoveryThreshold(asked.map(({ pValue }) => pValue), falseDiscoveries);
  return columns.map((drift) => {
    const limits = limitsOf(drift.column);
    const credible = drift.pValue <= threshold;
    if (isUnknown(drift)) return { ...drift, limits, verdict: 'unknown', credible: false, severity: FindingSeverity.FAILURE };
    if (!hasEnough(drift)) return { ...drift, limits, verdict: 'insufficient', credible: false, severity: FindingSeverity.UNSPECIFIED };
    const largest = credible ? largestDifference(drift, limits) : undefined;
    return largest ? { ...drift, limits, verdict: 'moved', credible, ...largest } : { ...drift, limits, verdict: 'steady', credible, severity: FindingSeverity.UNSPECIFIED };
  });
}

/** The measurement that weighs most against its limits; undefined where none reaches one. */
function largestDifference(drift: ColumnDrift, limits: DriftLimits): { severity: FindingSeverity; by: Measurement } | undefined {
  const reached = (['psi', 'wasserstein'] as const).flatMap((name) => {
    const by = measured(drift, name);
    if (!by || by.value < limits[name].warning) return [];
    return [{ by, severity: by.value >= limits[name].failure ? FindingSeverity.FAILURE : FindingSeverity.WARNING }];
  });
  return reached.toSorted((a, b) => b.severity - a.severity)[0];
}
