import { interpolate } from '@refit/data-validation';

/**
 * A distribution whose values are known in some bins only: of the others, how many there are. Bin i is
 * (edges[i−1], edges[i]], with an open bin at either end.
 */
export class PartialDistribution {
  readonly rows: number;
  /** How many values lie in the bins before each. */
  readonly #before: Float64Array;
  readonly #values = new Map<number, Float64Array>();

  constructor(readonly edges: readonly number[], readonly counts: Float64Array) {
    this.#before = new Float64Array(counts.length + 1);
    counts.forEach((count, i) => {
      this.#before[i + 1] = (this.#before[i] ?? 0) + count;
    });
    this.rows = this.#before.at(-1) ?? 0;
  }

  /** The bins that hold the order statistics between which quantiles (type 7) interpolate. */
  binsOf(probabilities: readonly number[]): readonly number[] {
    const ranks = probabilities.flatMap((p) => [Math.floor((this.rows - 1) * p), Math.min(Math.floor((this.rows - 1) * p) + 1, this.rows - 1)]);
    return [...new Set(ranks.map((rank) => this.#binOfRank(rank)))].sort((a, b) => a - b);
  }

  /** Tells what the bins hold that are asked for later. @param values by bin, ascending, as often as they occur or once where all are the same */
  know(values: ReadonlyMap<number, Float64Array>): void {
    for (const [bin, known] of values) this.#values.set(bin, known);
  }

  /** Type 7; the bins that it lies in must be known. */
  quantile(p: number): number {
    const h = (this.rows - 1) * p;
    const low = this.#orderStatistic(Math.floor(h));
    if (h === Math.floor(h)) return low;
    const high = this.#orderStatistic(Math.floor(h) + 1);
    return interpolate(low, high, h - Math.floor(h));
  }

  /** How many values are at most this one, which is an edge, or a quantile between known values. */
  countUpTo(value: number): number {
    const bin = firstAtLeast(this.edges, value);
    if (this.edges[bin] === value) return this.#before[bin + 1] ?? 0;
    if (this.counts[bin] === 0) return this.#before[bin] ?? 0;
    const known = this.#known(bin);
    if (known.length === 1) return (this.#before[bin] ?? 0) + ((known[0] ?? Infinity) <= value ? (this.counts[bin] ?? 0) : 0);
    return (this.#before[bin] ?? 0) + known.filter((candidate) => candidate <= value).length;
  }

  /** Counts per bin of other edges, each of them an edge here or a quantile. */
  histogram(edges: readonly number[]): number[] {
    const upTo = [0, ...edges.map((edge) => this.countUpTo(edge)), this.rows];
    return upTo.slice(1).map((count, i) => count - (upTo[i] ?? 0));
  }

  #binOfRank(rank: number): number {
    return firstAtLeast(this.#before, rank + 1) - 1;
  }

  #orderStatistic(rank: number): number {
    const bin = this.#binOfRank(rank);
    const known = this.#known(bin);
    return known[Math.min(rank - (this.#before[bin] ?? 0), known.length - 1)] ?? Number.NaN;
  }

  #known(bin: number): Float64Array {
    const known = this.#values.get(bin);
    if (!known) throw new RangeError(`the values of bin ${bin} are not known`);
    return known;
  }
}

/** Index of the first element that is not smaller; the length where all are. */
function firstAtLeast(ascending: ArrayLike<number>, value: number): number {
  let low = 0;
  let high = ascending.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((ascending[middle] ?? Infinity) < value) low = middle + 1;
    else high = middle;
  }
  return low;
}
