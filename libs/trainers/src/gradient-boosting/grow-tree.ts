import { bestSplit, type BinSplit, type SplitRules, type Sums } from './best-split.js';
import type { BinnedFeatures } from './bins.js';
import { fillHistogram, histogramOffsets, STRIDE, subtractHistogram, type Histogram } from './histogram.js';
import type { Tree } from './tree.js';

export interface GrowthRules extends SplitRules {
  readonly leaves: number;
  readonly learningRate: number;
}

/** A leaf of the growing tree; its rows are `order[start…end)`. */
interface Leaf {
  readonly node: number;
  readonly start: number;
  readonly end: number;
  readonly sums: Sums;
  readonly histogram: Histogram;
  readonly split: BinSplit | undefined;
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] extends readonly (infer E)[] ? E[] : T[K] };

/**
 * Grows trees leaf by leaf, always at the leaf whose split gains most (best first), up to `leaves`
 * (Ke et al. 2017, LightGBM). One grower serves all trees of a model; it keeps its buffers.
 */
export class TreeGrower {
  readonly #data: BinnedFeatures;
  readonly #rules: GrowthRules;
  readonly #offsets: Uint32Array;
  readonly #order: Uint32Array;
  readonly #moved: Uint32Array;
  readonly #gradient: Float64Array;
  readonly #hessian: Float64Array;
  readonly #spare: Histogram[] = [];

  constructor(data: BinnedFeatures, rules: GrowthRules) {
    this.#data = data;
    this.#rules = rules;
    this.#offsets = histogramOffsets(data);
    this.#order = new Uint32Array(data.rows);
    this.#moved = new Uint32Array(data.rows);
    this.#gradient = new Float64Array(data.rows);
    this.#hessian = new Float64Array(data.rows);
  }

  /** Fits a tree to the rows' derivatives and adds its values to their scores. */
  grow(gradient: Float64Array, hessian: Float64Array, scores: Float64Array): Tree {
    for (let row = 0; row < this.#order.length; row++) this.#order[row] = row;
    const tree: Mutable<Tree> = { feature: [], threshold: [], missingLeft: [], left: [], right: [], value: [] };
    let leaves = [this.#root(tree, gradient, hessian)];
    while (leaves.length < this.#rules.leaves) {
      const leaf = mostGainful(leaves);
      if (leaf?.split === undefined) break;
      const children = this.#divide(leaf, leaf.split, tree, gradient, hessian);
      leaves = leaves.filter((other) => other !== leaf).concat(children);
    }
    for (const leaf of leaves) {
      this.#spare.push(leaf.histogram);
      for (let i = leaf.start; i < leaf.end; i++) scores[this.#order[i]] += tree.value[leaf.node];
    }
    return tree;
  }

  #root(tree: Mutable<Tree>, gradient: Float64Array, hessian: Float64Array): Leaf {
    const histogram = this.#counted(0, this.#order.length, gradient, hessian);
    return this.#leaf(tree, 0, this.#order.length, sumsOf(gradient, hessian), histogram);
  }

  #divide(leaf: Leaf, split: BinSplit, tree: Mutable<Tree>, gradient: Float64Array, hessian: Float64Array): [Leaf, Leaf] {
    const middle = this.#partition(leaf, split);
    const leftIsSmaller = middle - leaf.start <= leaf.end - middle;
    const counted = leftIsSmaller ? this.#counted(leaf.start, middle, gradient, hessian) : this.#counted(middle, leaf.end, gradient, hessian);
    subtractHistogram(leaf.histogram, counted);
    const left = this.#leaf(tree, leaf.start, middle, split.left, leftIsSmaller ? counted : leaf.histogram);
    const right = this.#leaf(tree, middle, leaf.end, split.right, leftIsSmaller ? leaf.histogram : counted);
    tree.feature[leaf.node] = split.feature;
    tree.threshold[leaf.node] = this.#threshold(split);
    tree.missingLeft[leaf.node] = split.missingLeft;
    tree.left[leaf.node] = left.node;
    tree.right[leaf.node] = right.node;
    tree.value[leaf.node] = 0;
    return [left, right];
  }

  #leaf(tree: Mutable<Tree>, start: number, end: number, sums: Sums, histogram: Histogram): Leaf {
    const node = tree.feature.length;
    tree.feature.push(-1);
    tree.threshold.push(0);
    tree.missingLeft.push(false);
    tree.left.push(-1);
    tree.right.push(-1);
    tree.value.push((-sums.gradient / (sums.hessian + this.#rules.l2)) * this.#rules.learningRate);
    const split = sums.rows < 2 * this.#rules.minimumRowsPerLeaf ? undefined : bestSplit(histogram, this.#offsets, sums, this.#rules);
    return { node, start, end, sums, histogram, split };
  }

  /** Moves the rows that go left before those that go right, each in their order; answers where the right ones start. */
  #partition({ start, end }: Leaf, { feature, bin, missingLeft }: BinSplit): number {
    const bins = this.#data.bins.subarray(feature * this.#data.rows, (feature + 1) * this.#data.rows);
    const goesLeft = new Uint8Array(this.#data.thresholds[feature].length + 2).fill(1, 0, bin + 1);
    goesLeft[goesLeft.length - 1] = Number(missingLeft);
    const order = this.#order;
    const moved = this.#moved;
    let left = start;
    let right = 0;
    for (let i = start; i < end; i++) {
      // Written to both sides, counted on one: a branch would be mispredicted half of the time.
      const row = order[i];
      const isLeft = goesLeft[bins[row]];
      order[left] = row;
      moved[right] = row;
      left += isLeft;
      right += 1 - isLeft;
    }
    order.set(moved.subarray(0, right), left);
    return left;
  }

  #counted(start: number, end: number, gradient: Float64Array, hessian: Float64Array): Histogram {
    const histogram = this.#spare.pop() ?? new Float64Array(this.#offsets[this.#offsets.length - 1] * STRIDE);
    const rows = this.#order.subarray(start, end);
    gather(gradient, rows, this.#gradient);
    gather(hessian, rows, this.#hessian);
    fillHistogram(histogram, this.#offsets, this.#data, rows, this.#gradient, this.#hessian);
    return histogram;
  }

  /** After the last bin only missing values are left over: every number goes left. */
  #threshold({ feature, bin }: BinSplit): number {
    const thresholds = this.#data.thresholds[feature];
    return bin < thresholds.length ? thresholds[bin] : Number.MAX_VALUE;
  }
}

function mostGainful(leaves: readonly Leaf[]): Leaf | undefined {
  let best: Leaf | undefined;
  for (const leaf of leaves) if (leaf.split !== undefined && leaf.split.gain > (best?.split?.gain ?? 0)) best = leaf;
  return best;
}

function gather(values: Float64Array, rows: Uint32Array, out: Float64Array): void {
  for (let i = 0; i < rows.length; i++) out[i] = values[rows[i]];
}

function sumsOf(gradient: Float64Array, hessian: Float64Array): Sums {
  let g = 0;
  let h = 0;
  for (let row = 0; row < gradient.length; row++) {
    g += gradient[row];
    h += hessian[row];
  }
  return { gradient: g, hessian: h, rows: gradient.length };
}
