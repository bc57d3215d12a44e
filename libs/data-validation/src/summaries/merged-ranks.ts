import { interpolate } from '../interpolate.js';
import { nextBelow } from '../next-below.js';
import type { KnownRanks } from './known-ranks.js';

/** The ranks of several partitions together. */
export class MergedRanks {
  readonly rows: number;
  readonly uncertainty: number;
  /** All values at which some part knows its rank, and how many numbers are at most each. */
  readonly #points: Float64Array;
  readonly #upTo: Float64Array;

  constructor(readonly parts: readonly KnownRanks[]) {
    this.rows = parts.reduce((total, part) => total + part.rows, 0);
    this.uncertainty = parts.reduce((total, part) => total + part.uncertainty, 0);
    this.#points = Float64Array.from(new Set(parts.flatMap((part) => [...part.points]))).sort();
    this.#upTo = this.#points.map((point) => this.countUpTo(point));
  }

  countUpTo(x: number): number {
    return this.parts.reduce((total, part) => total + part.countUpTo(x), 0);
  }

  /**
   * The value with the rank of a quantile of type 7, between the known ones by straight lines. The number just below a
   * known value is there to count what is smaller, and is nobody's value: the known one is meant.
   */
  quantile(p: number): number {
    const rank = (this.rows - 1) * p + 1;
    let [low, high] = [0, this.#points.length - 1];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#upTo[middle] ?? 0) < rank) low = middle + 1;
      else high = middle;
    }
    const [left, right] = [this.#points[low - 1], this.#points[low] ?? Number.NaN];
    if (left === undefined) return right;
    if (left === nextBelow(right)) return right;
    const [before, until] = [this.#upTo[low - 1] ?? 0, this.#upTo[low] ?? 0];
    const share = until > before ? Math.min(Math.max((rank - before) / (until - before), 0), 1) : 1;
    const above = this.#points[low + 1];
    return share === 1 && above !== undefined && right === nextBelow(above) ? above : interpolate(left, right, share);
  }

  /** Whole counts that add up to all rows. */
  histogram(edges: readonly number[]): number[] {
    const upTo = [0, ...edges.map((edge) => Math.round(this.countUpTo(edge))), this.rows];
    return upTo.slice(1).map((count, i) => count - (upTo[i] ?? 0));
  }
}
