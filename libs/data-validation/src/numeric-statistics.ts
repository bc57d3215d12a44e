import { comparisonEdges, comparisonProbabilities } from './comparison-bins.js';
import type { ComparisonBins, NumericStatistics, Range } from './statistics.js';

/** Distinct finite values in ascending order, and how many rows have each. */
export interface ValueCounts {
  readonly values: Float64Array;
  readonly counts: Float64Array;
}

const probabilities = [0.05, 0.25, 0.5, 0.75, 0.95];
const deciles = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9];

/**
 * Statistics of numbers given as distinct values with counts; undefined without any. The sums run in the order of the
 * values, so the same data gives the same bits however it was grouped.
 *
 * Quantiles interpolate linearly between order statistics (type 7 of Hyndman and Fan, "Sample quantiles in statistical
 * packages", 1996; numpy's default).
 *
 * @param edges of the histogram; undefined: the deciles of the data, each once
 * @param range to count the numbers outside of
 * @param edgesToCompare of the bins for drift; undefined: percentiles of the data, each once
 */
export function numericStatistics(
  data: ValueCounts, edges?: readonly number[], range?: Range, edgesToCompare?: readonly number[],
): NumericStatistics | undefined {
  const { values, counts } = data;
  const minimum = values[0];
  const maximum = values.at(-1);
  if (minimum === undefined || maximum === undefined) return undefined;
  const n = sum(counts);
  const mean = values.reduce((total, value, i) => total + value * (at(counts, i) / n), 0);
  const usedEdges = edges ?? [...new Set(quantiles(data, n, deciles))];
  return {
    minimum,
    maximum,
    mean,
    standardDeviation: standardDeviation(data, n, mean),
    zeros: rowsWhere(data, (value) => value === 0),
    quantiles: quantiles(data, n, probabilities),
    histogram: { edges: usedEdges, counts: histogram(data, usedEdges) },
    comparison: comparisonBins(data, edgesToCompare ?? comparisonEdges(quantiles(data, n, comparisonProbabilities))),
    ...(range && {
      outside: { range, below: rowsWhere(data, (value) => value < range.minimum), above: rowsWhere(data, (value) => value > range.maximum) },
    }),
  };
}

/** In units of the largest deviation, so that the squares of huge numbers do not overflow. */
function standardDeviation({ values, counts }: ValueCounts, n: number, mean: number): number {
  const unit = Math.min(Math.max(at(values, values.length - 1) - mean, mean - at(values, 0)), Number.MAX_VALUE);
  if (n < 2 || unit === 0) return 0;
  const squares = values.reduce((total, value, i) => total + ((value - mean) / unit) ** 2 * at(counts, i), 0);
  return Math.min(unit * Math.sqrt(squares / (n - 1)), Number.MAX_VALUE);
}

/** @param asked ascending, in [0, 1] */
function quantiles({ values, counts }: ValueCounts, n: number, asked: readonly number[]): number[] {
  let index = 0;
  let until = at(counts, 0); // order statistics 0 … until − 1 are values[index] or smaller
  const orderStatistic = (k: number) => {
    while (k >= until && index < values.length - 1) until += at(counts, ++index);
    return at(values, index);
  };
  return asked.map((p) => {
    const h = (n - 1) * p;
    const low = orderStatistic(Math.floor(h));
    if (Math.floor(h) + 1 < until || h === Math.floor(h)) return low;
    const high = at(values, Math.min(index + 1, values.length - 1));
    return low + (h - Math.floor(h)) * (high - low);
  });
}

function histogram({ values, counts }: ValueCounts, edges: readonly number[]): number[] {
  const bins = Array.from({ length: edges.length + 1 }, () => 0);
  let bin = 0;
  for (let i = 0; i < values.length; i++) {
    while (bin < edges.length && at(values, i) > at(edges, bin)) bin++;
    bins[bin] = at(bins, bin) + at(counts, i);
  }
  return bins;
}

function comparisonBins(data: ValueCounts, edges: readonly number[]): ComparisonBins {
  const counts = histogram(data, edges);
  const means = counts.map(() => 0);
  let bin = 0;
  data.values.forEach((value, i) => {
    while (bin < edges.length && value > at(edges, bin)) bin++;
    means[bin] = at(means, bin) + value * (at(data.counts, i) / at(counts, bin));
  });
  return { edges, counts, means };
}

const rowsWhere = ({ values, counts }: ValueCounts, holds: (value: number) => boolean) =>
  counts.reduce((total, count, i) => (holds(at(values, i)) ? total + count : total), 0);

const sum = (numbers: Float64Array) => numbers.reduce((total, x) => total + x, 0);

/** The element at an index that is known to exist. */
const at = (numbers: ArrayLike<number>, index: number) => numbers[index] ?? Number.NaN;
