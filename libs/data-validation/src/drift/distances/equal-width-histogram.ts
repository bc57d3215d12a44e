import { coarserBins } from '../../equal-width-bins.js';
import type { ColumnStatistics } from '../../statistics.js';
import type { Bucket, Histogram } from './histogram-divergence.js';

/** As many as TFDV's standard histogram has. */
const buckets = 10;

/**
 * A column's numbers in ten buckets of equal width from the smallest to the largest, as TFDV has them; those of a constant
 * in one without width. Undefined for a column without numbers, and of statistics of older versions, which have no such bins.
 */
export function equalWidthHistogram({ numeric, nonFinite, nan = nonFinite }: ColumnStatistics): Histogram | undefined {
  if (!numeric?.equalWidth) return undefined;
  const { minimum, maximum, equalWidth } = numeric;
  const infinite: readonly Bucket[] = nonFinite > nan ? [{ low: maximum, high: Infinity, count: nonFinite - nan }] : [];
  if (minimum === maximum) return { buckets: [{ low: minimum, high: maximum, count: equalWidth.reduce((total, count) => total + count, 0) }, ...infinite], nan };
  const edge = (i: number) => minimum * (1 - i / buckets) + maximum * (i / buckets);
  return { buckets: [...coarserBins(equalWidth, buckets).map((count, i) => ({ low: edge(i), high: edge(i + 1), count })), ...infinite], nan };
}
