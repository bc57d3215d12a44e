import type { FeatureMatrix, TaskName } from '@refit/transforms';

/** Features with their targets: class index per row, or the number itself in regression. */
export interface LabelledFeatures {
  readonly features: FeatureMatrix;
  readonly target: Float64Array;
}

export interface TrainingData {
  readonly task: TaskName;
  readonly classes: readonly string[];
  readonly training: LabelledFeatures;
  /** For early stopping and its loss; may have no rows. */
  readonly validation: LabelledFeatures;
}

/** Loss on training and validation rows, by name, as `ModelTrained` reports it. */
export interface TrainingMetric {
  readonly name: string;
  readonly value: number;
  readonly rows: number;
}

export interface TrainingOptions {
  /** @param fraction done, in [0, 1] */
  readonly progress: (fraction: number, message: string) => void;
}
