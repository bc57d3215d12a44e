import { comparisonEdges, comparisonProbabilities } from '../comparison-bins.js';
import { equalWidthEnds } from '../equal-width-bins.js';
import { deciles, quantileProbabilities } from '../numeric-statistics.js';
import type { ComparisonBins, NumericStatistics, Range } from '../statistics.js';
import { KnownRanks } from './known-ranks.js';
import { mergeMoments } from './merge-moments.js';
import { MergedRanks } from './merged-ranks.js';

/** The numbers of a column in one partition. */
export interface NumberPart {
  readonly numeric: NumericStatistics;
  readonly bins: ComparisonBins;
}

export interface NumberEdges {
  readonly edges?: readonly number[] | undefined;
  readonly comparisonEdges?: readonly number[] | undefined;
  readonly range?: Range | undefined;
}

export interface MergedNumbers {
  readonly numeric: NumericStatistics;
  /** Counts up to any value, and so the ranks of quantiles, are off by at most this share of the rows. Over edges that all parts have, they are exact. */
  readonly ranksWithin: number;
}

/**
 * The statistics of numbers in several partitions, of which there is at least one. Extremes, zeros and counts over edges that
 * all parts have are exact, moments but for rounding; all else follows from counts between known ranks.
 */
export function mergeNumbers(parts: readonly NumberPart[], { edges, comparisonEdges: given, range }: NumberEdges): MergedNumbers {
  const ranks = new MergedRanks(parts.map(({ numeric, bins }) => KnownRanks.of(numeric, bins)));
  const minimum = Math.min(...parts.map(({ numeric }) => numeric.minimum));
  const maximum = Math.max(...parts.map(({ numeric }) => numeric.maximum));
  const usedEdges = edges ?? [...new Set(deciles.map((p) => ranks.quantile(p)))];
  const comparison = given ?? comparisonEdges(comparisonProbabilities.map((p) => ranks.quantile(p)));
  const mode = mergedMode(parts);
  const { mean, standardDeviation, skewness } = parts.map(momentsOf).reduce(mergeMoments);
  const numeric: NumericStatistics = {
    minimum, maximum, mean, standardDeviation, skewness,
    zeros: parts.reduce((total, part) => total + part.numeric.zeros, 0),
    ...(mode && { mode }),
    quantiles: quantileProbabilities.map((p) => ranks.quantile(p)),
    histogram: { edges: usedEdges, counts: ranks.histogram(usedEdges) },
    equalWidth: sameBins(parts, minimum, maximum) ?? ranks.histogram(equalWidthEnds(minimum, maximum)),
    comparison: mergedBins(parts, comparison, ranks),
    ...(range && { outside: outsideOf(range, parts, ranks) }),
  };
  return { numeric, ranksWithin: ranks.uncertainty / ranks.rows };
}

const momentsOf = ({ numeric: { mean, standardDeviation, skewness = 0, histogram } }: NumberPart) =>
  ({ rows: histogram.counts.reduce((total, count) => total + count, 0), mean, standardDeviation, skewness });

/** The bins of equal width of parts that have them over the same range. */
function sameBins(parts: readonly NumberPart[], minimum: number, maximum: number): readonly number[] | undefined {
  const counts = parts.flatMap(({ numeric }) => (numeric.equalWidth && numeric.minimum === minimum && numeric.maximum === maximum ? [numeric.equalWidth] : []));
  if (counts.length < parts.length) return undefined;
  return counts.reduce<readonly number[]>((total, own) => own.map((count, i) => count + (total[i] ?? 0)), []);
}

/** The most frequent of the parts' modes, with the rows that are known to have it. */
function mergedMode(parts: readonly NumberPart[]): NumericStatistics['mode'] {
  const counts = new Map<number, number>();
  for (const { numeric: { mode } } of parts) if (mode) counts.set(mode.value, (counts.get(mode.value) ?? 0) + mode.count);
  const [best] = [...counts].sort(([a, m], [b, n]) => n - m || a - b);
  return best && { value: best[0], count: best[1] };
}

/** As the parts have counted it; of those that have not, the ranks tell, and the extremes whether there is something at all. */
function outsideOf(range: Range, parts: readonly NumberPart[], { parts: ranks }: MergedRanks): NonNullable<NumericStatistics['outside']> {
  const counts = parts.map(({ numeric: { minimum, maximum, outside } }, i) => {
    if (outside?.range.minimum === range.minimum && outside.range.maximum === range.maximum) return outside;
    const known = ranks[i];
    return {
      below: known && minimum < range.minimum ? Math.max(Math.round(known.countUpTo(range.minimum)), 1) : 0,
      above: known && maximum > range.maximum ? Math.max(Math.round(known.rows - known.countUpTo(range.maximum)), 1) : 0,
    };
  });
  return { range, below: counts.reduce((total, { below }) => total + below, 0), above: counts.reduce((total, { above }) => total + above, 0) };
}

function mergedBins(parts: readonly NumberPart[], edges: readonly number[], ranks: MergedRanks): ComparisonBins {
  const counts = ranks.histogram(edges);
  const sums = counts.map(() => 0);
  const shares = counts.map(() => 0);
  parts.forEach((part, i) => {
    for (const { bin, count, mean } of piecesOf(part, edges, ranks.parts[i])) {
      // Means of means, weighted: a sum of huge numbers would overflow.
      const total = (shares[bin] ?? 0) + count;
      if (total > 0) sums[bin] = (sums[bin] ?? 0) * ((shares[bin] ?? 0) / total) + mean * (count / total);
      shares[bin] = total;
    }
  });
  return { edges, counts, means: sums.map((mean, bin) => (counts[bin] === 0 ? 0 : mean)) };
}

/** The numbers of a part, by bins between the edges: as it counted them itself, or its summary's bins, cut at the edges. */
function piecesOf({ numeric, bins }: NumberPart, edges: readonly number[], ranks: KnownRanks | undefined): readonly { bin: number; count: number; mean: number }[] {
  const own = numeric.comparison;
  if (own && sameNumbers(own.edges, edges)) return own.counts.map((count, bin) => ({ bin, count, mean: own.means[bin] ?? 0 }));
  let low = -Infinity;
  let bin = 0;
  return bins.counts.flatMap((_, i) => {
    const pieces = [];
    const high = bins.edges[i] ?? Infinity;
    for (;;) {
      const until = Math.min(high, edges[bin] ?? Infinity);
      const count = countBetween(ranks, low, until);
      if (count > 0) pieces.push({ bin, count, mean: clamp(bins.means[i] ?? 0, Math.max(low, numeric.minimum), Math.min(until, numeric.maximum)) });
      low = until;
      if ((edges[bin] ?? Infinity) <= until && bin < edges.length) bin++;
      if (until >= high) return pieces;
    }
  });
}

const countBetween = (ranks: KnownRanks | undefined, low: number, high: number) => (ranks ? ranks.countUpTo(high) - ranks.countUpTo(low) : 0);

const clamp = (value: number, low: number, high: number) => Math.min(Math.max(value, low), high);

const sameNumbers = (a: readonly number[], b: readonly number[]) => a.length === b.length && a.every((value, i) => value === b[i]);
