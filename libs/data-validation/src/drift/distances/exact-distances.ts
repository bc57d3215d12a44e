import type { ValueCounts } from '../../numeric-statistics.js';

/** Of two samples: how far apart their distribution functions are. */
export interface DistributionDistances {
  /** Kolmogorov–Smirnov: the largest difference between the distribution functions, 0 to 1. */
  readonly kolmogorovSmirnov: number;
  /** Wasserstein-1, in the unit of the values: the area between the distribution functions, after winsorising. */
  readonly wasserstein: number;
}

/**
 * Exact distances between two samples of finite numbers, each given as distinct values in ascending order with their
 * counts; undefined when either is empty.
 *
 * @param winsorisedAt values beyond are taken as these, for Wasserstein only; by default none are
 */
export function exactDistances(reference: ValueCounts, sample: ValueCounts, winsorisedAt: readonly [number, number] = [-Infinity, Infinity]): DistributionDistances | undefined {
  const [m, n] = [rows(reference), rows(sample)];
  if (m === 0 || n === 0) return undefined;
  const [low, high] = winsorisedAt;
  const clip = (x: number) => Math.min(Math.max(x, low), high);
  let [i, j, below, belowInSample, kolmogorovSmirnov, wasserstein] = [0, 0, 0, 0, 0, 0];
  let value = Math.min(at(reference.values, 0), at(sample.values, 0));
  while (i < reference.values.length || j < sample.values.length) {
    if (reference.values[i] === value) below += at(reference.counts, i++);
    if (sample.values[j] === value) belowInSample += at(sample.counts, j++);
    const difference = Math.abs(below / m - belowInSample / n);
    kolmogorovSmirnov = Math.max(kolmogorovSmirnov, difference);
    const next = Math.min(reference.values[i] ?? Infinity, sample.values[j] ?? Infinity);
    if (next < Infinity && difference > 0) wasserstein += difference * (clip(next) - clip(value));
    value = next;
  }
  return { kolmogorovSmirnov, wasserstein };
}

/** A sample's numbers, in any order, as its distinct values and their counts. Those that are not finite are left out. */
export function countValues(numbers: ArrayLike<number>): ValueCounts {
  const sorted = Float64Array.from(numbers).filter(Number.isFinite).sort();
  const values = sorted.filter((value, i) => i === 0 || value !== sorted[i - 1]);
  const counts = new Float64Array(values.length);
  let k = 0;
  for (const value of sorted) {
    if (value !== values[k]) k++;
    counts[k] = (counts[k] ?? 0) + 1;
  }
  return { values, counts };
}

const rows = ({ counts }: ValueCounts) => counts.reduce((total, count) => total + count, 0);

/** The element at an index that is known to exist. */
const at = (numbers: Float64Array, index: number) => numbers[index] ?? Number.NaN;
