import { applyTransforms, type ColumnTable, type FeatureMatrix } from '@refit/transforms';
import { gradientBoostingScores } from './gradient-boosting/gradient-boosting-model.js';
import { linearScores } from './linear/linear-model.js';
import type { ModelArtifact } from './model-artifact.js';
import { objectiveOf } from './objective.js';

/**
 * Predictions for these rows of a table. Binary: the probability of the positive class; multiclass: rows × classes, by
 * row, each row summing to 1; regression: the value.
 *
 * @throws RefitError FEATURES_MISSING when the table lacks a column that the model needs
 */
export function predict(artifact: ModelArtifact, table: ColumnTable, rows: Uint32Array): Float64Array {
  const features = applyTransforms(artifact.transforms, table, rows);
  return objectiveOf(artifact.label.task, artifact.label.classes.length).predictions(modelScores(artifact.model, features));
}

/** Raw scores by output (see `Objective`). */
export function modelScores(model: ModelArtifact['model'], features: FeatureMatrix): Float64Array {
  return model.kind === 'linear' ? linearScores(model, features) : gradientBoostingScores(model, features);
}
