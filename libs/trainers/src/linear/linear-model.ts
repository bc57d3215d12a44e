import type { FeatureMatrix } from '@refit/transforms';
import { addScaled, designColumns } from './design-columns.js';

/** score k = intercepts[k] + Σ coefficients[k][f] · feature f; one output, or one per class for multiclass. */
export interface LinearModel {
  readonly kind: 'linear';
  readonly coefficients: readonly (readonly number[])[];
  readonly intercepts: readonly number[];
}

/** Raw scores by output (see `Objective`). */
export function linearScores({ coefficients, intercepts }: LinearModel, features: FeatureMatrix): Float64Array {
  const { rows } = features;
  const scores = new Float64Array(intercepts.length * rows);
  const columns = designColumns(features);
  intercepts.forEach((intercept, k) => {
    const out = scores.subarray(k * rows, (k + 1) * rows).fill(intercept);
    columns.forEach((column, feature) => addScaled(column, coefficients[k][feature], out));
  });
  return scores;
}
