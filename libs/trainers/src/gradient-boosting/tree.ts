import type { FeatureMatrix } from '@refit/transforms';

/**
 * A regression tree, node by node, the root first. Node n asks whether its feature is at most its threshold (missing:
 * `missingLeft`) and goes on at `left` or `right`; a node whose feature is −1 is a leaf with this value.
 */
export interface Tree {
  readonly feature: readonly number[];
  readonly threshold: readonly number[];
  readonly missingLeft: readonly boolean[];
  readonly left: readonly number[];
  readonly right: readonly number[];
  readonly value: readonly number[];
}

/** Adds the tree's value for each row to its score. */
export function addTree(tree: Tree, { rows, values }: FeatureMatrix, scores: Float64Array): void {
  const feature = Int32Array.from(tree.feature);
  const threshold = Float64Array.from(tree.threshold);
  const left = Int32Array.from(tree.left);
  const right = Int32Array.from(tree.right);
  for (let row = 0; row < rows; row++) {
    let node = 0;
    while (feature[node] >= 0) {
      const value = values[feature[node] * rows + row];
      const goesLeft = Number.isNaN(value) ? tree.missingLeft[node] : value <= threshold[node];
      node = goesLeft ? left[node] : right[node];
    }
    scores[row] += tree.value[node];
  }
}
