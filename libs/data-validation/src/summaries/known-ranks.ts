import { shareBetween } from '../interpolate.js';
import { nextBelow } from '../next-below.js';
import type { ComparisonBins, NumericStatistics } from '../statistics.js';

/** A distribution of which is known how many numbers are at most x, for some x; between them it is taken to be even. */
export class KnownRanks {
  readonly #points: Float64Array;
  readonly #upTo: Float64Array;

  private constructor(points: ReadonlyMap<number, number>) {
    this.#points = Float64Array.from(points.keys()).sort();
    this.#upTo = this.#points.map((point) => points.get(point) ?? 0);
  }

  /** All that the statistics of a column and its summary tell. */
  static of({ minimum, maximum, histogram, comparison, mode }: NumericStatistics, bins: ComparisonBins): KnownRanks {
    const points = new Map<number, number>();
    let rows = 0;
    for (const { edges, counts } of [histogram, ...(comparison ? [comparison] : []), bins]) {
      rows = 0;
      counts.forEach((count, i) => {
        rows += count;
        const edge = edges[i];
        if (edge !== undefined && edge >= minimum && edge < maximum) points.set(edge, rows);
      });
    }
    if (!points.has(minimum)) points.set(minimum, mode?.value === minimum ? mode.count : 1);
    points.set(maximum, rows);
    return new KnownRanks(points);
  }

  get points(): Float64Array {
    return this.#points;
  }

  get rows(): number {
    return this.#upTo.at(-1) ?? 0;
  }

  /** How many numbers are at most x, or about so many: `uncertainty` tells. */
  countUpTo(x: number): number {
    const after = this.#firstAbove(x);
    if (after === 0) return 0;
    const [left, right] = [this.#points[after - 1] ?? 0, this.#points[after]];
    const below = this.#upTo[after - 1] ?? 0;
    if (right === undefined || x === left) return below;
    // The numbers between two points are below the upper one, which has a share of them of its own.
    return below + ((this.#upTo[after] ?? 0) - below) * shareBetween(left, right, x);
  }

  /** By how many numbers `countUpTo` can be wrong at most, for any x. */
  get uncertainty(): number {
    let most = 0;
    for (let i = 1; i < this.#points.length; i++) most = Math.max(most, this.#isPointMass(i) ? 0 : (this.#upTo[i] ?? 0) - (this.#upTo[i - 1] ?? 0));
    return most;
  }

  /** Whether no other number lies between this point and the one before. */
  #isPointMass(i: number): boolean {
    return this.#points[i - 1] === nextBelow(this.#points[i] ?? 0);
  }

  #firstAbove(x: number): number {
    let [low, high] = [0, this.#points.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#points[middle] ?? Infinity) <= x) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
