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
const score = (gradient: number, hessian: number, l2: number) => (gradient * gradient) / (hessian + l2);

/**
 * The split with the largest gain, score(left) + score(right) − score(node); the first one of equal ones, by feature
 * and bin. Missing values are tried on both sides; where a node has none, they go where most rows go.
 */
export function bestSplit(histogram: Histogram, offsets: Uint32Array, node: Sums, rules: SplitRules): BinSplit | undefined {
  let best: BinSplit | undefined;
  for (let feature = 0; feature + 1 < offsets.length; feature++) {
    const missing = sumsAt(histogram, offsets[feature + 1] - 1);
    const sides = missing.rows === 0 ? [NOTHING] : [NOTHING, missing];
    for (const start of sides) {
      const found = bestBin(histogram, offsets, feature, start, node, rules, best?.gain ?? SMALLEST_GAIN);
      if (found) best = { ...found, feature, missingLeft: missing.rows === 0 ? found.left.rows >= found.right.rows : start === missing };
    }
  }
  return best;
}

const NOTHING: Sums = { gradient: 0, hessian: 0, rows: 0 };

/** The best bin to split a feature at, if it gains more than `gainToBeat`. @param start what goes left with the first bin */
function bestBin(
  histogram: Histogram, offsets: Uint32Array, feature: number, start: Sums, node: Sums, { l2, minimumRowsPerLeaf }: SplitRules, gainToBeat: number,
): Pick<BinSplit, 'bin' | 'gain' | 'left' | 'right'> | undefined {
  const bins = offsets[feature + 1] - offsets[feature] - 1;
  const parent = score(node.gradient, node.hessian, l2);
  let { gradient, hessian, rows } = start;
  let gain = gainToBeat;
  let found: { bin: number; left: Sums } | undefined;
  for (let bin = 0; bin < bins; bin++) {
    const at = (offsets[feature] + bin) * STRIDE;
    gradient += histogram[at];
    hessian += histogram[at + 1];
    rows += histogram[at + 2];
    if (rows < minimumRowsPerLeaf || hessian < SMALLEST_HESSIAN) continue;
    if (node.rows - rows < minimumRowsPerLeaf || node.hessian - hessian < SMALLEST_HESSIAN) break;
    const candidate = score(gradient, hessian, l2) + score(node.gradient - gradient, node.hessian - hessian, l2) - parent;
    if (candidate <= gain) continue;
    gain = candidate;
    found = { bin, left: { gradient, hessian, rows } };
  }
  return found && { ...found, gain, right: minus(node, found.left) };
}

const minus = (whole: Sums, part: Sums): Sums => ({
  gradient: whole.gradient - part.gradient,
  hessian: whole.hessian - part.hessian,
  rows: whole.rows - part.rows,
});

const sumsAt = (histogram: Histogram, bin: number): Sums => ({
  gradient: histogram[bin * STRIDE],
  hessian: histogram[bin * STRIDE + 1],
  rows: histogram[bin * STRIDE + 2],
});
