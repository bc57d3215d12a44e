import type { PowerSums } from '@refit/data-validation';

/** How many cells speed up the search for a number's bin. */
const cells = 4096;

/**
 * Counts, sums and powers of numbers that come in chunks. Bin i is (edges[i−1], edges[i]], with an open bin at either end.
 * What is summed are deviations from a typical value, in units of a power of two that none exceeds, chunk by chunk: so
 * that nothing overflows, little is lost, and the same numbers in the same order give the same bits.
 */
export class BinnedNumbers {
  readonly counts: Float64Array;
  /** Of the deviations in each bin. */
  readonly sums: Float64Array;
  zeros = 0;
  readonly #powers: [number, number, number] = [0, 0, 0];
  readonly #edges: Float64Array;
  /** The first bin that a number in a cell can be in; one more entry than cells. */
  readonly #firstBin = new Int32Array(cells + 1);
  readonly #from: number;
  readonly #perCell: number;

  /**
   * @param edges ascending, each once
   * @param typical near the middle of the numbers
   * @param unit at least the largest deviation from it
   */
  constructor(readonly edges: readonly number[], readonly typical: number, readonly unit: number) {
    this.#edges = Float64Array.from(edges);
    this.counts = new Float64Array(edges.length + 1);
    this.sums = new Float64Array(edges.length + 1);
    // Most numbers lie well inside of the outermost edges, and the cells should be where they are.
    const [low, high] = [edges[Math.floor(edges.length * 0.05)] ?? 0, edges[Math.floor(edges.length * 0.9)] ?? 0];
    this.#from = low;
    this.#perCell = high > low ? cells / (high - low) : 0;
    for (let cell = 0, bin = 0; cell <= cells; cell++) {
      while (bin < edges.length && this.#cell(this.#edges[bin] ?? 0) < cell) bin++;
      this.#firstBin[cell] = bin;
    }
  }

  /** @param length how many of the values to take; those that are not finite are passed over */
  add(values: Float64Array, length: number): void {
    const { typical } = this;
    const perUnit = 1 / this.unit;
    let [first, second, third] = [0, 0, 0];
    for (let i = 0; i < length; i++) {
      const value = values[i] ?? Number.NaN;
      if (!Number.isFinite(value)) continue;
      if (value === 0) this.zeros++;
      const deviation = value * perUnit - typical * perUnit;
      first += deviation;
      second += deviation * deviation;
      third += deviation * deviation * deviation;
      const bin = this.binOf(value);
      this.counts[bin] = (this.counts[bin] ?? 0) + 1;
      this.sums[bin] = (this.sums[bin] ?? 0) + deviation;
    }
    this.#powers[0] += first;
    this.#powers[1] += second;
    this.#powers[2] += third;
  }

  /** @param total how many numbers came */
  powerSums(total: number): PowerSums {
    return { typical: this.typical, unit: this.unit, powers: this.#powers, total };
  }

  /** Of a finite number. */
  binOf(value: number): number {
    const cell = this.#cell(value);
    let low = this.#firstBin[cell] ?? 0;
    let high = cell === cells ? this.#edges.length : (this.#firstBin[cell + 1] ?? 0);
    while (low < high) {
      const middle = (low + high) >> 1;
      if (value > (this.#edges[middle] ?? Infinity)) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** The same for the same number, and never smaller for a larger one. */
  #cell(value: number): number {
    const cell = (value - this.#from) * this.#perCell;
    return cell >= cells ? cells : cell > 0 ? cell | 0 : 0;
  }
}
