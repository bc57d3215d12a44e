/** TFDV's names where it has the measure. */
export type DriftMeasureName =
  | 'psi' | 'wasserstein' | 'kolmogorov-smirnov' | 'mean-difference' | 'chi-square' | 'jensen-shannon' | 'hellinger' | 'l-infinity' | 'normalized-absolute-difference'
  | 'histogram-jensen-shannon' | 'missing' | 'new-categories';

/** One number that says how far a column has moved, and how sure that is. */
export interface Measurement {
  readonly name: DriftMeasureName;
  readonly value: number;
  /** The exact value is at most by this larger; absent: it is exact. */
  readonly error?: number;
  /** How often chance alone makes it as large. */
  readonly pValue?: number;
  /** What chance alone exceeds in 1 of 100 samples. */
  readonly chanceLimit?: number;
}

/** All that was measured of one column; nothing is judged yet. */
export interface ColumnDrift {
  readonly column: string;
  readonly sampleRows: number;
  readonly referenceRows: number;
  /** Rows with a value. */
  readonly values: number;
  readonly referenceValues: number;
  readonly measurements: readonly Measurement[];
  /** How often chance alone makes any test of its values as significant as the most significant one is. */
  readonly pValue: number;
  /** What a person would see, in words: "median 602 → 969". Empty when there is nothing to say. */
  readonly seen: string;
}

export const measured = ({ measurements }: ColumnDrift, name: DriftMeasureName): Measurement | undefined =>
  measurements.find((measurement) => measurement.name === name);
