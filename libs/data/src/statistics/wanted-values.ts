import { nextBelow } from '@refit/data-validation';
import type { BinnedNumbers } from './binned-numbers.js';

/** The values that lie in some of the bins over which numbers were counted. */
export class WantedValues {
  readonly #values = new Map<number, Float64Array>();
  readonly #filled: Int32Array;
  /** Of each bin: what it collects into. */
  readonly #targets: (Float64Array | undefined)[];

  /** Where there is room for one value only in a bin, it is known already. */
  constructor(readonly bins: BinnedNumbers, wanted: readonly number[]) {
    const { edges, counts } = bins;
    this.#filled = new Int32Array(counts.length);
    this.#targets = Array.from({ length: counts.length });
    for (const bin of wanted) {
      const edge = edges[bin];
      if (edge !== undefined && edges[bin - 1] === nextBelow(edge)) this.#values.set(bin, Float64Array.of(edge));
      else this.#targets[bin] = new Float64Array(counts[bin] ?? 0);
    }
  }

  /** Takes the numbers that were counted, again. */
  add(values: Float64Array, length: number): void {
    for (let i = 0; i < length; i++) {
      const value = values[i] ?? Number.NaN;
      if (!Number.isFinite(value)) continue;
      const bin = this.bins.binOf(value);
      const target = this.#targets[bin];
      if (target === undefined) continue;
      const filled = this.#filled[bin] ?? 0;
      target[filled] = value;
      this.#filled[bin] = filled + 1;
    }
  }

  /** Ascending; once where all in a bin are the same. */
  inBins(): ReadonlyMap<number, Float64Array> {
    this.#targets.forEach((target, bin) => {
      if (target !== undefined) this.#values.set(bin, target.sort());
    });
    return this.#values;
  }
}
