import { chiSquareExceedance } from '../significance/chi-square.js';
import { shares, total, type PairedCounts } from './counts.js';

/**
 * Jensen–Shannon divergence in bits, 0 to 1 (J. Lin, "Divergence measures based on the Shannon entropy", IEEE
 * Transactions on Information Theory 37(1), 1991). Its square root is the Jensen–Shannon distance. Undefined, like all
 * of these, when either side has no rows.
 */
export function jensenShannonDivergence(counts: PairedCounts): number | undefined {
  const sum = shares(counts)?.reduce((bits, [p, q]) => bits + entropyTerm(p, (p + q) / 2) + entropyTerm(q, (p + q) / 2), 0);
  return sum === undefined ? undefined : Math.min(Math.max(sum / 2, 0), 1);
}

const entropyTerm = (p: number, mean: number) => (p > 0 ? p * Math.log2(p / mean) : 0);

/** Hellinger distance, 0 to 1: √(½ Σ (√p − √q)²) (E. Hellinger, J. reine angew. Math. 136, 1909). */
export function hellingerDistance(counts: PairedCounts): number | undefined {
  const sum = shares(counts)?.reduce((squares, [p, q]) => squares + (Math.sqrt(p) - Math.sqrt(q)) ** 2, 0);
  return sum === undefined ? undefined : Math.sqrt(sum / 2);
}

/** The largest difference between the shares of one bin, 0 to 1: TFDV's L-infinity distance. */
export const lInfinityDistance = (counts: PairedCounts): number | undefined =>
  shares(counts)?.reduce((largest, [p, q]) => Math.max(largest, Math.abs(p - q)), 0);

/**
 * TFDV's normalized absolute difference: the largest difference between the counts of one bin, as a share of all rows on
 * both sides. Unlike the others it also sees that one side has more rows.
 */
export function normalizedAbsoluteDifference({ reference, sample }: PairedCounts): number | undefined {
  const rows = total(reference) + total(sample);
  return rows > 0 ? Math.max(...reference.map((count, i) => Math.abs(count - (sample[i] ?? 0)))) / rows : undefined;
}

/**
 * Pearson's χ² test that both sides come from one population (of a 2 × bins table, without correction). Bins that are
 * empty on both sides do not count; nothing to compare has a p-value of 1.
 */
export function chiSquareTest({ reference, sample }: PairedCounts): { readonly statistic: number; readonly degreesOfFreedom: number; readonly pValue: number } {
  const [m, n] = [total(reference), total(sample)];
  const used = reference.map((count, i) => [count, sample[i] ?? 0] as const).filter(([a, b]) => a + b > 0);
  if (used.length < 2 || m === 0 || n === 0) return { statistic: 0, degreesOfFreedom: 0, pValue: 1 };
  const statistic = used.reduce((sum, [a, b]) => sum + (a * Math.sqrt(n / m) - b * Math.sqrt(m / n)) ** 2 / (a + b), 0);
  const degreesOfFreedom = used.length - 1;
  return { statistic, degreesOfFreedom, pValue: chiSquareExceedance(statistic, degreesOfFreedom) };
}
