import type { ComparisonBins } from '../../statistics.js';
import { total } from './counts.js';

export interface Moments {
  readonly rows: number;
  readonly mean: number;
  readonly variance: number;
}

/**
 * Mean and variance of the values winsorised at the first and the last edge. The mean is exact; of the variance, what
 * values differ within a bin is missing, which is next to nothing between percentiles.
 */
export function winsorisedMoments({ edges, counts, means }: ComparisonBins): Moments {
  const rows = total(counts);
  const [low, high] = [edges[0] ?? Number.NaN, edges.at(-1) ?? Number.NaN];
  const average = (of: (value: number) => number) => means.reduce((sum, mean, i) => sum + of(Math.min(Math.max(mean, low), high)) * ((counts[i] ?? 0) / rows), 0);
  const mean = average((value) => value);
  return { rows, mean, variance: average((value) => (value - mean) ** 2) };
}
