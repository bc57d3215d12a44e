import type { ComparisonBins } from '../../statistics.js';
import { total } from './counts.js';

export interface Moments {
  readonly rows: number;
  readonly mean: number;
  readonly variance: number;
}

/**
 * Mean and variance of the values winsorised at two of the edges. The mean is exact; of the variance, what values differ
 * within a bin is missing, which is next to nothing between percentiles.
 */
export function winsorisedMoments({ counts, means }: ComparisonBins, [low, high]: readonly [number, number]): Moments {
  const rows = total(counts);
  const average = (of: (value: number) => number) => means.reduce((sum, mean, i) => sum + of(Math.min(Math.max(mean, low), high)) * ((counts[i] ?? 0) / rows), 0);
  const mean = average((value) => value);
  return { rows, mean, variance: average((value) => (value - mean) ** 2) };
}

/**
 * The 1st and the 99th percentile, as far as edges tell. The outermost edges would not do for moments: among a thousand
 * values a single wild one already pulls the 99.9th percentile along.
 */
export function percentileLimits({ edges, counts }: ComparisonBins): readonly [number, number] {
  const rows = total(counts);
  let below = 0;
  const shares = edges.map((_, i) => (below += counts[i] ?? 0) / rows);
  const low = edges[shares.findIndex((share) => share >= 0.01)];
  const high = edges[shares.findIndex((share) => share >= 0.99)] ?? edges.at(-1);
  return [low ?? Number.NaN, high ?? Number.NaN];
}
