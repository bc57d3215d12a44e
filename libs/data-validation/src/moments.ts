import type { NumericStatistics } from './statistics.js';

/** Sums of the first three powers of deviations from a typical value, in a unit that keeps them near 1. */
export interface PowerSums {
  readonly typical: number;
  readonly unit: number;
  readonly powers: readonly [number, number, number];
  /** What was summed over: the number of values, or their weights. */
  readonly total: number;
}

export type Moments = Required<Pick<NumericStatistics, 'mean' | 'standardDeviation' | 'skewness'>>;

/**
 * Mean, sample standard deviation (n − 1) and adjusted skewness. The nearer the typical value is to the mean, the less is lost.
 *
 * @param rows how many values there are
 */
export function momentsOf({ typical, unit, powers, total }: PowerSums, rows: number): Moments {
  const [first, second, third] = [powers[0] / total, powers[1] / total, powers[2] / total];
  const variance = Math.max(second - first ** 2, 0);
  const cubes = third - 3 * first * second + 2 * first ** 3;
  return {
    mean: typical + unit * first,
    standardDeviation: rows < 2 ? 0 : Math.min(unit * Math.sqrt((variance * rows) / (rows - 1)), Number.MAX_VALUE),
    skewness: rows < 3 || variance === 0 ? 0 : ((cubes / variance ** 1.5) * Math.sqrt(rows * (rows - 1))) / (rows - 2),
  };
}
