import type { ColumnStatistics } from '../statistics.js';
import { summaryHashes, type DistinctHashes } from './partition-summary.js';

export type MergedDistinct = Pick<ColumnStatistics, 'distinct' | 'distinctError'>;

/**
 * Distinct values of several partitions together: exact where none has left out a hash, else the estimate of k minimum
 * values, (k − 1) / h_k, whose standard error is 1 / √(k − 2) of it. Undefined where hashes are missing or differ in kind.
 *
 * @param bounds at least as many as in any partition, at most as many as in all of them together
 */
export function mergeDistinct(parts: readonly (DistinctHashes | undefined)[], bounds: { readonly least: number; readonly most: number }): MergedDistinct | undefined {
  const known = parts.filter((part) => part !== undefined);
  if (known.length < parts.length || new Set(known.map(({ by }) => by)).size > 1) return undefined;
  const upTo = Math.min(...known.map((part) => part.upTo), 1);
  const hashes = new Set(known.flatMap((part) => part.hashes).filter((hash) => hash <= upTo));
  if (upTo === 1) return { distinct: hashes.size };
  const estimate = Math.round((hashes.size - 1) / upTo);
  return { distinct: Math.min(Math.max(estimate, bounds.least), bounds.most), distinctError: 1 / Math.sqrt(hashes.size - 2) };
}

/** @param hashes all of a column, or its smallest ones, ascending; of more than `summaryHashes` only so many are kept */
export function distinctHashes(by: string, hashes: readonly number[]): DistinctHashes {
  const kept = hashes.slice(0, summaryHashes);
  return { by, hashes: kept, upTo: hashes.length > summaryHashes ? (kept.at(-1) ?? 1) : 1 };
}
