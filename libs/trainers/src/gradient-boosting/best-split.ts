import { STRIDE, type Histogram } from './histogram.js';

/** Sums over the rows of a node. */
export interface Sums {
  readonly gradient: number;
  readonly hessian: number;
  readonly rows: number;
}

export interface SplitRules {
  readonly l2: number;
  readonly minimumRowsPerLeaf: number;
}

export interface BinSplit {
  readonly gain: number;
  readonly feature: number;
  /** Bins up to this one go left. */
  readonly bin: number;
  readonly missingLeft: boolean;
  readonly left: Sums;
  readonly right: Sums;
}

/** A side with less curvature than this says too little about its value (as scikit-learn's min_hessian_to_split). */
const SMALLEST_HESSIAN = 1e-3;
const SMALLEST_GAIN = 1e-10;

/** Twice the loss that a node's best value saves: G² / (H + λ) (Chen and Guestrin 2016, equation 6). */
export const score = (gradient: number, hessian: number, l2: number) => (gradient * gradient) / (hessian + l2);

/**
 * The split with the largest gain, score(left) + score(right) − score(node); the first one of equal ones, by feature
 * and bin. Missing values are tried on both sides; where a node has none, they go where most rows go.
 */
export function bestSplit(histogram: Histogram, offsets: Uint32Array, node: Sums, rules: SplitRules): BinSplit | undefined {
  let best: BinSplit | undefined;
  const parent = score(node.gradient, node.hessian, rules.l2);
  for (let feature = 0; feature + 1 < offsets.length; feature++) {
    const missingBin = offsets[feature + 1] - 1;
    const missing = sumsAt(histogram, missingBin);
    let gradient = 0;
    let hessian = 0;
    let rows = 0;
    const consider = (bin: number, missingLeft: boolean) => {
      const left = missingLeft
        ? { gradient: gradient + missing.gradient, hessian: hessian + missing.hessian, rows: rows + missing.rows }
        : { gradient, hessian, rows };
      const right = { gradient: node.gradient - left.gradient, hessian: node.hessian - left.hessian, rows: node.rows - left.rows };
      if (Math.min(left.rows, right.rows) < rules.minimumRowsPerLeaf) return;
      if (Math.min(left.hessian, right.hessian) < SMALLEST_HESSIAN) return;
      const gain = score(left.gradient, left.hessian, rules.l2) + score(right.gradient, right.hessian, rules.l2) - parent;
      if (gain > (best?.gain ?? SMALLEST_GAIN)) best = { gain, feature, bin, missingLeft, left, right };
    };
    for (let bin = 0; offsets[feature] + bin < missingBin; bin++) {
      const at = (offsets[feature] + bin) * STRIDE;
      gradient += histogram[at];
      hessian += histogram[at + 1];
      rows += histogram[at + 2];
      if (missing.rows === 0) consider(bin, rows * 2 >= node.rows);
      else {
        consider(bin, false);
        consider(bin, true);
      }
    }
  }
  return best;
}

const sumsAt = (histogram: Histogram, bin: number): Sums => ({
  gradient: histogram[bin * STRIDE],
  hessian: histogram[bin * STRIDE + 1],
  rows: histogram[bin * STRIDE + 2],
});
