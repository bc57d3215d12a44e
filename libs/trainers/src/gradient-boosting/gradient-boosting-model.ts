import type { FeatureMatrix } from '@refit/transforms';
import { addTree, type Tree } from './tree.js';

/** Scores are the constants plus the values of the trees; `rounds[r][k]` is round r's tree for output k. */
export interface GradientBoostingModel {
  readonly kind: 'gradient-boosting';
  readonly constants: readonly number[];
  readonly rounds: readonly (readonly Tree[])[];
}

/** Raw scores by output (see `Objective`). */
export function gradientBoostingScores(model: GradientBoostingModel, features: FeatureMatrix): Float64Array {
  const scores = constantScores(model.constants, features.rows);
  for (const trees of model.rounds) addRound(trees, features, scores);
  return scores;
}

export function constantScores(constants: ArrayLike<number>, rows: number): Float64Array {
  const scores = new Float64Array(constants.length * rows);
  for (let k = 0; k < constants.length; k++) scores.fill(constants[k], k * rows, (k + 1) * rows);
  return scores;
}

export function addRound(trees: readonly Tree[], features: FeatureMatrix, scores: Float64Array): void {
  trees.forEach((tree, k) => addTree(tree, features, scores.subarray(k * features.rows, (k + 1) * features.rows)));
}
