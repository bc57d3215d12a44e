import type { ColumnStatistics, ValueCount } from '../statistics.js';
import type { FrequentValues } from './partition-summary.js';

export interface MergedCounts {
  /** Most frequent first, ties by value. */
  readonly values: readonly ValueCount[];
  /** Of the values that were asked for, in their order. */
  readonly asked: readonly number[];
  /** By how many rows a count can be too small: what parts that do not list a value have of it at most (as P. Agarwal et al., "Mergeable summaries", PODS 2012). */
  readonly error: number;
}

export interface CountedPart {
  readonly column: ColumnStatistics;
  readonly top: FrequentValues | undefined;
  /** Whether its `ofReferenceTop` are counts of the values that are asked for. */
  readonly isCounted: boolean;
}

/** How many rows of all partitions have each value. Where each lists all of its values, or has counted those asked for, this is exact. */
export function mergedCounts(parts: readonly CountedPart[], asked: readonly ValueCount[]): MergedCounts {
  const lists = parts.map(({ column, top }) => top ?? listOf(column));
  const listed = lists.map(({ values }) => new Map(values.map(({ value, count }) => [value, count])));
  const ofAsked = (value: string, place: number) =>
    parts.reduce((total, { isCounted, column }, i) => total + ((isCounted ? column.ofReferenceTop?.[place] : undefined) ?? listed[i]?.get(value) ?? 0), 0);
  const counts = new Map<string, number>();
  for (const { values } of lists) for (const { value, count } of values) counts.set(value, (counts.get(value) ?? 0) + count);
  return {
    values: [...counts].map(([value, count]) => ({ value, count })).sort((a, b) => b.count - a.count || (a.value < b.value ? -1 : 1)),
    asked: asked.map(({ value }, place) => ofAsked(value, place)),
    error: lists.reduce((total, { unlisted }) => total + unlisted, 0),
  };
}

function listOf({ top = [], distinct }: ColumnStatistics): FrequentValues {
  return { values: top, unlisted: distinct > top.length ? (top.at(-1)?.count ?? 0) : 0 };
}
