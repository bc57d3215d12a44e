import type { ComparisonBins } from '../../statistics.js';
import { total } from './counts.js';
import type { DistributionDistances } from './exact-distances.js';

export interface BoundedDistances extends DistributionDistances {
  /** The exact distances are at least those given, and at most by this larger. */
  readonly kolmogorovSmirnovError: number;
  readonly wassersteinError: number;
}

/**
 * Distances between two samples of which only the counts and means on the same bins are left. Wasserstein is of the values
 * winsorised at the first and the last edge.
 *
 * The distribution functions F and G are known at the edges, which gives the largest difference there. With the mean of
 * a bin's values the area under each over the bin is known too: ∫(F − F(a)) = p · (b − mean) for a share p of values in
 * (a, b]. So the area between them is exact over each bin in which they do not cross. Where they may, with at most A that
 * F can be above G in it and B that G can be above F, what is missed is at most 2 · width · A·B / (A + B).
 *
 * @returns undefined when either side is empty or the bins are not the same
 */
export function summaryDistances(reference: ComparisonBins, sample: ComparisonBins): BoundedDistances | undefined {
  const { edges } = reference;
  const [m, n] = [total(reference.counts), total(sample.counts)];
  if (m === 0 || n === 0 || edges.length !== sample.edges.length || edges.some((edge, i) => edge !== sample.edges[i])) return undefined;
  let [f, g] = [0, 0];
  let [kolmogorovSmirnov, kolmogorovSmirnovLimit, wasserstein, wassersteinError] = [0, 0, 0, 0];
  for (let i = 0; i <= edges.length; i++) {
    const [p, q] = [at(reference.counts, i) / m, at(sample.counts, i) / n];
    const [low, high] = [edges[i - 1], edges[i]];
    const fAbove = f + (isAt(high, at(reference.means, i)) ? 0 : p) - g;
    const gAbove = g + (isAt(high, at(sample.means, i)) ? 0 : q) - f;
    kolmogorovSmirnovLimit = Math.max(kolmogorovSmirnovLimit, fAbove, gAbove);
    if (low !== undefined && high !== undefined) {
      const width = high - low;
      wasserstein += Math.abs((f - g) * width + p * (high - at(reference.means, i)) - q * (high - at(sample.means, i)));
      if (fAbove > 0 && gAbove > 0) wassersteinError += (2 * width * fAbove * gAbove) / (fAbove + gAbove);
    }
    [f, g] = [f + p, g + q];
    kolmogorovSmirnov = Math.max(kolmogorovSmirnov, i < edges.length ? Math.abs(f - g) : 0);
  }
  return { kolmogorovSmirnov, wasserstein, kolmogorovSmirnovError: Math.max(kolmogorovSmirnovLimit - kolmogorovSmirnov, 0), wassersteinError };
}

/** Whether a bin's values all lie on its upper edge: then the distribution function rises only there. */
const isAt = (edge: number | undefined, mean: number) => edge !== undefined && Math.abs(edge - mean) <= 1e-9 * Math.abs(edge);

/** The element at an index that is known to exist. */
const at = (numbers: readonly number[], index: number) => numbers[index] ?? Number.NaN;
