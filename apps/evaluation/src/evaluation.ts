import type { SplitMembership } from '@refit/contracts';
import type { GatedMetric, MetricOfSlice } from '@refit/model-validation';
import type { ModelArtifact } from '@refit/trainers';

/** A model, and which rows it may have been trained on. */
export interface ModelUnderTest {
  readonly artifact: ModelArtifact;
  readonly membership: SplitMembership;
}

export interface EvaluationSettings {
  /** Probability at and above which a binary prediction is positive. */
  readonly threshold: number;
  /** Names of the columns to slice by. */
  readonly slices: readonly string[];
  readonly minimumSliceRows: number;
  /** Slices that gates judge for themselves, and those that they compare with the champion's. */
  readonly gated: readonly GatedMetric[];
  readonly compared: readonly GatedMetric[];
  /** Columns whose 0 and 1 are false and true. */
  readonly booleans: ReadonlySet<string>;
}

export interface Evaluation {
  readonly testRows: number;
  readonly metrics: readonly MetricOfSlice[];
  /** Names of slices with too few rows to judge, among the test rows or among those to compare on. */
  readonly smallSlices: readonly string[];
  /** Absent: there is no champion. */
  readonly comparison?: EvaluatedComparison;
}

/** Both models on the same rows, or why that can not be. */
export interface EvaluatedComparison {
  readonly rows: number;
  readonly challenger: readonly MetricOfSlice[];
  readonly champion: readonly MetricOfSlice[];
  readonly impossibleBecause: string;
}

export const impossible = (reason: string): EvaluatedComparison => ({ rows: 0, challenger: [], champion: [], impossibleBecause: reason });
