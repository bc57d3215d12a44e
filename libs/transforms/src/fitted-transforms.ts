import type { TableColumn } from './column-table.js';
import type { DatePartName } from './date-parts.js';

/**
 * How categories and missing numbers become numbers.
 *
 * - `one-hot` (linear models): a 0/1 feature per frequent category, one for all others and one for missing; missing
 *   numbers are imputed; numbers are standardized
 * - `ordinal` (trees): a category is its rank by frequency, the most frequent 0, all others together the rank after the
 *   last; missing stays NaN, numbers stay as they are (trees find their own thresholds and a side for what is missing)
 */
export type Encoding = 'one-hot' | 'ordinal';

/** A number, or a part of a time: (value ?? impute) − mean, divided by scale. */
export interface NumberTransform {
  readonly kind: 'number';
  readonly column: string;
  readonly part?: DatePartName;
  /** Stands for a missing value; null: it stays missing. */
  readonly impute: number | null;
  readonly mean: number;
  readonly scale: number;
}

export interface OneHotTransform {
  readonly kind: 'one-hot';
  readonly column: string;
  readonly categories: readonly string[];
  /** There is a feature for every category that is not listed. Without it such a row has 0 throughout. */
  readonly other: boolean;
  /** There is a feature for missing. Without it such a row has 0 throughout. */
  readonly missing: boolean;
}

export interface RankTransform {
  readonly kind: 'rank';
  readonly column: string;
  /** By frequency in the training rows, most frequent first; equally frequent ones by text. */
  readonly categories: readonly string[];
}

export type ColumnTransform = NumberTransform | OneHotTransform | RankTransform;

/** A column's transforms, or why it has none. */
export type Fitted = readonly ColumnTransform[] | string;

/** Feature engineering as fitted on the training rows: plain JSON, the same for training, evaluation and serving. */
export interface FittedTransforms {
  readonly format: 'refit/transforms/v1';
  readonly encoding: Encoding;
  readonly columns: readonly ColumnTransform[];
  /** Names of the output features, in order. */
  readonly features: readonly string[];
  /** Columns that are no feature, and why. */
  readonly leftOut: readonly { readonly column: string; readonly reason: string }[];
}

/** A column that a model needs, and what it must hold. */
export interface InputColumn {
  readonly column: string;
  readonly kind: TableColumn['kind'];
}

/** The columns that the transforms read, each once. */
export function inputColumns(fitted: FittedTransforms): readonly InputColumn[] {
  const kinds = new Map(fitted.columns.map((transform) => [transform.column, inputKind(transform)]));
  return [...kinds].map(([column, kind]) => ({ column, kind }));
}

export function inputKind(transform: ColumnTransform): TableColumn['kind'] {
  if (transform.kind !== 'number') return 'category';
  return transform.part === undefined ? 'number' : 'time';
}

export function featureNames(transform: ColumnTransform): readonly string[] {
  switch (transform.kind) {
    case 'number':
      return [transform.part === undefined ? transform.column : `${transform.column}.${transform.part}`];
    case 'one-hot':
      return [...transform.categories, ...(transform.other ? ['(other)'] : []), ...(transform.missing ? ['(missing)'] : [])].map(
        (category) => `${transform.column}=${category}`,
      );
    case 'rank':
      return [transform.column];
  }
}
