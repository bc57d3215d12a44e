import type { NumericStatistics } from '../statistics.js';
import { percentileLimits, winsorisedMoments } from './distances/winsorised-moments.js';

/** The interquartile range of a normal distribution in standard deviations. */
const normalRange = 1.349;

/**
 * The standard deviation that a normal distribution with the column's interquartile range would have; where half of the
 * values are the same and the range is 0, the standard deviation of the winsorised values. Neither minds a few values
 * far out. 0: the column is constant, or as good as.
 */
export function robustScale({ quantiles, comparison }: NumericStatistics): number {
  const range = (quantiles[3] ?? Number.NaN) - (quantiles[1] ?? Number.NaN);
  return range > 0 || !comparison ? range / normalRange : Math.sqrt(winsorisedMoments(comparison, percentileLimits(comparison)).variance);
}
