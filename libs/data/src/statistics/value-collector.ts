import type { ValueCounts } from '@refit/data-validation';

/** Takes the distinct values of a column with their counts, in ascending order. */
export class ValueCollector {
  /** What is no finite number included. */
  present = 0;
  nonFinite = 0;
  nan = 0;
  distinct = 0;
  finiteRows = 0;
  #values = new Float64Array(1024);
  #counts = new Float64Array(1024);
  #length = 0;

  /** @param rows how many rows have the value; another number than `count` where rows are weighted */
  add(value: number, count: number, rows: number): void {
    this.present += count;
    this.distinct++;
    if (!Number.isFinite(value)) {
      this.nonFinite += count;
      if (Number.isNaN(value)) this.nan += count;
      return;
    }
    this.finiteRows += rows;
    // Two values of the column may be one as a double.
    if (this.#length > 0 && this.#values[this.#length - 1] === value) {
      this.#counts[this.#length - 1] = (this.#counts[this.#length - 1] ?? 0) + count;
      return;
    }
    if (this.#length === this.#values.length) this.#grow();
    this.#values[this.#length] = value;
    this.#counts[this.#length] = count;
    this.#length++;
  }

  finite(): ValueCounts {
    return { values: this.#values.subarray(0, this.#length), counts: this.#counts.subarray(0, this.#length) };
  }

  #grow() {
    const doubled = (old: Float64Array) => {
      const larger = new Float64Array(old.length * 2);
      larger.set(old);
      return larger;
    };
    this.#values = doubled(this.#values);
    this.#counts = doubled(this.#counts);
  }
}
