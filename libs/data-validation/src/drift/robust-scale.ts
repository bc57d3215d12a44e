import type { NumericStatistics } from '../statistics.js';
import { percentileLimits, winsorisedMoments } from './distances/winsorised-moments.js';

/** The interquartile range of a normal distribution in standard deviations. */
const normalRange = 1.349;

/** Of the largest value: far more than sums of doubles lose, far less than a spread that matters. */
const rounding = 1e-9;

/**
 * The standard deviation that a normal distribution with the column's interquartile range would have; where half of the
 * values are the same and the range is 0, the standard deviation of the winsorised values. Neither minds a few values
 * far out. 0: the column is constant, or as good as; what is left of the variance of equal values is rounding.
 */
export function robustScale({ quantiles, comparison, minimum, maximum }: NumericStatistics): number {
  const range = (quantiles[3] ?? Number.NaN) - (quantiles[1] ?? Number.NaN);
  if (range > 0 || !comparison) return range / normalRange;
  const scale = Math.sqrt(winsorisedMoments(comparison, percentileLimits(comparison)).variance);
  return scale > rounding * Math.max(Math.abs(minimum), Math.abs(maximum)) ? scale : 0;
}
