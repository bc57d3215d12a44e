import type { MissingTogether } from './missing-together.js';
import type { TextForms } from './text-forms.js';

/** Descriptive statistics of one snapshot; stored as a JSON artifact. */
export interface DatasetStatistics {
  readonly rows: number;
  readonly columns: readonly ColumnStatistics[];
  /** The most frequent sets of columns that lack values in the same rows; absent: no row lacks two, or nobody asked. */
  readonly missingTogether?: readonly MissingTogether[];
}

/** What is optional here is absent in statistics of older versions. */
export interface ColumnStatistics {
  readonly name: string;
  readonly type: 'boolean' | 'integer' | 'float' | 'string' | 'timestamp';
  /** What the values mean, as far as they tell: see `semanticType`. */
  readonly semantic?: SemanticType;
  readonly missing: number;
  /** NaN and infinite values, which are not missing; 0 for types that have none. */
  readonly nonFinite: number;
  /** Of `nonFinite`, those that are NaN; the others are infinite. */
  readonly nan?: number;
  readonly distinct: number;
  /** The standard error of `distinct`, as a share of it, where it is an estimate; absent: it is exact. */
  readonly distinctError?: number;
  /** Of finite numbers (and of times, in milliseconds since 1970). */
  readonly numeric?: NumericStatistics;
  /** Most frequent values first, ties by value; at most 100. Strings and booleans. */
  readonly top?: readonly ValueCount[];
  /**
   * Where not every value was counted: `top` may lack values that fewer than this share of the rows have (less than one in
   * a million that more rows have). What it holds is counted exactly.
   */
  readonly topAbove?: number;
  /** Of strings that have a value. */
  readonly text?: TextStatistics;
  /** When computed against a reference: rows with each of the values of the reference's `top`, in its order. */
  readonly ofReferenceTop?: readonly number[];
}

export type SemanticType = 'boolean' | 'integer' | 'float' | 'categorical' | 'text' | 'identifier' | 'timestamp' | 'constant' | 'empty';

/** Lengths are in characters. */
export interface TextStatistics {
  readonly minimumLength: number;
  readonly maximumLength: number;
  readonly meanLength: number;
  /** Values with U+FFFD, the sign that stands where bytes were no valid text. Rows whose bytes are no UTF-8 at all are malformed. */
  readonly replaced: number;
  /** What is not just words; absent: all of it is, or nobody asked. */
  readonly forms?: TextForms;
}

export interface ValueCount {
  readonly value: string;
  readonly count: number;
}

/** Values that a column's numbers are expected to lie between, both included. */
export interface Range {
  readonly minimum: number;
  readonly maximum: number;
}

export interface NumericStatistics {
  readonly minimum: number;
  readonly maximum: number;
  readonly mean: number;
  /** Sample standard deviation (n − 1). */
  readonly standardDeviation: number;
  /** Adjusted Fisher–Pearson coefficient G₁ (D. N. Joanes and C. A. Gill, 1998; that of pandas); 0 for fewer than three values or none that differ. */
  readonly skewness?: number;
  readonly zeros: number;
  /** The most frequent value, the smallest of equals; absent where no value was seen twice. */
  readonly mode?: { readonly value: number; readonly count: number };
  /** At .05, .25, .5, .75, .95. */
  readonly quantiles: readonly number[];
  /**
   * Counts per bin: `edges` ascending, bin i is (edges[i−1], edges[i]], with an open bin at either end, so there is one
   * more count than edges. Edges are the deciles of the reference where there is one, else of the data itself.
   */
  readonly histogram: { readonly edges: readonly number[]; readonly counts: readonly number[] };
  /**
   * For charts: counts over 100 bins of equal width from `minimum` to `maximum`, as numpy.histogram has them: edged by
   * `equalWidthEdges`, each with its lower edge and without its upper one, but the last, which has both.
   */
  readonly equalWidth?: readonly number[];
  /** For drift; absent in statistics of older versions. */
  readonly comparison?: ComparisonBins;
  /** When computed against a range: how many finite numbers lie outside. */
  readonly outside?: { readonly range: Range; readonly below: number; readonly above: number };
}

/**
 * The distribution of a column's finite numbers on bins that a reference gave: what Kolmogorov–Smirnov and Wasserstein
 * distances are computed from when the rows themselves are gone.
 *
 * Edges are ascending: `comparisonEdges` of the reference's quantiles (type 7, as `quantiles`) at
 * `comparisonProbabilities`. Without a reference, or where it has none, they are the data's own. The first and the last
 * edge, the .1 and 99.9 percentiles, are what values are winsorised at. Bin i is (edges[i−1], edges[i]], with an open bin at either end, so there is one more
 * count and mean than edges.
 */
export interface ComparisonBins {
  readonly edges: readonly number[];
  readonly counts: readonly number[];
  /** Mean of the bin's values, 0 where it has none. With it, areas under the distribution function are exact. */
  readonly means: readonly number[];
}

/** How many of the most frequent values `ColumnStatistics.top` holds. */
export const topValues = 100;
