import { comparisonEdges, comparisonProbabilities } from './comparison-bins.js';
import { equalWidthEnds } from './equal-width-bins.js';
import { interpolate } from './interpolate.js';
import { momentsOf, type Moments } from './moments.js';
import type { ComparisonBins, NumericStatistics, Range } from './statistics.js';

/** Distinct finite values in ascending order, and how many rows have each. */
export interface ValueCounts {
  readonly values: Float64Array;
  readonly counts: Float64Array;
}

/** Of `NumericStatistics.quantiles`. */
export const quantileProbabilities: readonly number[] = [0.05, 0.25, 0.5, 0.75, 0.95];
/** Of the edges of `NumericStatistics.histogram`. */
export const deciles: readonly number[] = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9];

export interface NumericOptions {
  /** Of the histogram; undefined: the deciles of the data, each once. */
  readonly edges?: readonly number[] | undefined;
  /** To count the numbers outside of. */
  readonly range?: Range | undefined;
  /** Of the bins for drift; undefined: percentiles of the data, each once. */
  readonly comparisonEdges?: readonly number[] | undefined;
  /** Where `counts` are sums of weights: how many rows there are. */
  readonly weightedRows?: number | undefined;
}

/**
 * Statistics of numbers given as distinct values with counts; undefined without any. The sums run in the order of the
 * values, so the same data gives the same bits however it was grouped.
 *
 * Quantiles interpolate linearly between order statistics (type 7 of Hyndman and Fan, "Sample quantiles in statistical
 * packages", 1996; numpy's default). Weighted, they are the smallest value that this share of the weight does not exceed
 * (type 1), and moments are those of the weighted distribution, corrected by the number of rows as without weights.
 */
export function numericStatistics(data: ValueCounts, options: NumericOptions = {}): NumericStatistics | undefined {
  const { values, counts } = data;
  const { edges, range, weightedRows } = options;
  const minimum = values[0];
  const maximum = values.at(-1);
  if (minimum === undefined || maximum === undefined) return undefined;
  const n = sum(counts);
  const rows = weightedRows ?? n;
  const at = (probabilities: readonly number[]) => (weightedRows === undefined ? quantiles(data, n, probabilities) : weightedQuantiles(data, n, probabilities));
  const mode = mostFrequent(data);
  const usedEdges = edges ?? [...new Set(at(deciles))];
  return {
    minimum,
    maximum,
    ...moments(data, n, rows),
    zeros: rowsWhere(data, (value) => value === 0),
    ...((weightedRows !== undefined || mode.count > 1) && { mode }),
    quantiles: at(quantileProbabilities),
    histogram: { edges: usedEdges, counts: histogram(data, usedEdges) },
    equalWidth: histogram(data, equalWidthEnds(minimum, maximum)),
    comparison: comparisonBins(data, options.comparisonEdges ?? comparisonEdges(at(comparisonProbabilities))),
    ...(range && {
      outside: { range, below: rowsWhere(data, (value) => value < range.minimum), above: rowsWhere(data, (value) => value > range.maximum) },
    }),
  };
}

/** About a first mean, in units of the largest deviation from it, so that the powers of huge numbers do not overflow. */
function moments({ values, counts }: ValueCounts, n: number, rows: number): Moments {
  const typical = values.reduce((total, value, i) => total + value * (item(counts, i) / n), 0);
  const unit = Math.min(Math.max(item(values, values.length - 1) - typical, typical - item(values, 0)), Number.MAX_VALUE) || 1;
  const powers: [number, number, number] = [0, 0, 0];
  values.forEach((value, i) => {
    const deviation = (value - typical) / unit;
    powers[0] += deviation * item(counts, i);
    powers[1] += deviation ** 2 * item(counts, i);
    powers[2] += deviation ** 3 * item(counts, i);
  });
  return momentsOf({ typical, unit, powers, total: n }, rows);
}

function mostFrequent({ values, counts }: ValueCounts): { value: number; count: number } {
  let best = 0;
  counts.forEach((count, i) => {
    if (count > item(counts, best)) best = i;
  });
  return { value: item(values, best), count: item(counts, best) };
}

/** @param asked ascending, in [0, 1] */
function quantiles({ values, counts }: ValueCounts, n: number, asked: readonly number[]): number[] {
  let index = 0;
  let until = item(counts, 0); // order statistics 0 … until − 1 are values[index] or smaller
  const orderStatistic = (k: number) => {
    while (k >= until && index < values.length - 1) until += item(counts, ++index);
    return item(values, index);
  };
  return asked.map((p) => {
    const h = (n - 1) * p;
    const low = orderStatistic(Math.floor(h));
    if (Math.floor(h) + 1 < until || h === Math.floor(h)) return low;
    const high = item(values, Math.min(index + 1, values.length - 1));
    return interpolate(low, high, h - Math.floor(h));
  });
}

/** @param asked ascending, in [0, 1] */
function weightedQuantiles({ values, counts }: ValueCounts, n: number, asked: readonly number[]): number[] {
  let index = 0;
  let until = item(counts, 0);
  return asked.map((p) => {
    while (until < p * n && index < values.length - 1) until += item(counts, ++index);
    return item(values, index);
  });
}

function histogram({ values, counts }: ValueCounts, edges: readonly number[]): number[] {
  const bins = Array.from({ length: edges.length + 1 }, () => 0);
  let bin = 0;
  for (let i = 0; i < values.length; i++) {
    while (bin < edges.length && item(values, i) > item(edges, bin)) bin++;
    bins[bin] = item(bins, bin) + item(counts, i);
  }
  return bins;
}

function comparisonBins(data: ValueCounts, edges: readonly number[]): ComparisonBins {
  const counts = histogram(data, edges);
  const means = counts.map(() => 0);
  let bin = 0;
  data.values.forEach((value, i) => {
    while (bin < edges.length && value > item(edges, bin)) bin++;
    means[bin] = item(means, bin) + value * (item(data.counts, i) / item(counts, bin));
  });
  return { edges, counts, means };
}

const rowsWhere = ({ values, counts }: ValueCounts, holds: (value: number) => boolean) =>
  counts.reduce((total, count, i) => (holds(item(values, i)) ? total + count : total), 0);

const sum = (numbers: Float64Array) => numbers.reduce((total, x) => total + x, 0);

/** The element at an index that is known to exist. */
const item = (numbers: ArrayLike<number>, index: number) => numbers[index] ?? Number.NaN;
