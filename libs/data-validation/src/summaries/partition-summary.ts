import type { ComparisonBins, DatasetStatistics, ValueCount } from '../statistics.js';

/**
 * Statistics of one partition with what they need beside them to be merged with those of others. Without summaries they
 * are statistics like all others, which cannot be merged.
 */
export interface PartitionStatistics extends DatasetStatistics {
  /** By column. */
  readonly summaries?: Readonly<Record<string, ColumnSummary>>;
  /** Which reference `ofReferenceTop` was counted for, by the hash of its statistics. */
  readonly against?: string;
  /** Of merged statistics: what they were merged from. Nothing was read but these. */
  readonly parts?: readonly MergedPart[];
}

/** A partition by its artifacts. */
export interface MergedPart {
  readonly snapshotHash: string;
  readonly statisticsHash: string;
  readonly rows: number;
}

export interface ColumnSummary {
  /** Of finite numbers: exact counts and means between some 256 edges of the partition's own. */
  readonly bins?: ComparisonBins;
  /** Of text and truth values: the most frequent ones, more of them than `ColumnStatistics.top` has. */
  readonly top?: FrequentValues;
  readonly distinct?: DistinctHashes;
}

export interface FrequentValues {
  /** Most frequent first. */
  readonly values: readonly ValueCount[];
  /** How many rows a value that is not listed may have at most; 0: all are listed. */
  readonly unlisted: number;
}

/**
 * The smallest hashes of a column's distinct values, as numbers in [0, 1): k minimum values (Z. Bar-Yossef et al.,
 * "Counting distinct elements in a data stream", RANDOM 2002; K. Beyer et al., "On synopses for distinct-value estimation
 * under multiset operations", SIGMOD 2007).
 */
export interface DistinctHashes {
  /** What hashed them: hashes of another maker are not of the same values. */
  readonly by: string;
  /** Ascending, each once. */
  readonly hashes: readonly number[];
  /** All hashes up to this one are there; 1: there are no others. */
  readonly upTo: number;
}

/** How many bins a column of numbers is summed up in, about: a quantile of merged statistics is off by at most this share of the rows. */
export const summaryBins = 256;
/** With so many, a merged number of distinct values has a standard error of 3 %; below, it is exact. */
export const summaryHashes = 1024;
export const summaryTop = 1024;
