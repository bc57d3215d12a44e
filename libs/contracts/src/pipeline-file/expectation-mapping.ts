import type { DurationText } from './pipeline-file.js';

/** An expectation as it is written: exactly one of the keys that say what is expected, and how strictly. */
export interface ExpectationMapping {
  readonly name?: string;
  readonly mostly?: number;
  readonly severity?: 'info' | 'warning' | 'failure';
  readonly where?: string;
  readonly unique?: KeyText;
  readonly notNull?: string;
  readonly allowed?: { readonly column: string; readonly values: readonly (string | number | boolean)[] };
  readonly regex?: { readonly column: string; readonly pattern: string };
  readonly between?: BetweenMapping;
  readonly increasing?: string | IncreasingMapping;
  readonly notInFuture?: string | { readonly column: string; readonly tolerance?: DurationText };
  readonly fresh?: { readonly column: string; readonly within: DurationText };
  readonly ordered?: readonly string[] | OrderedMapping;
  readonly sql?: string;
  readonly rowCount?: RowCountMapping;
  readonly disjoint?: KeyText | DisjointMapping;
}

/** One column, or several that make the key together. */
export type KeyText = string | readonly string[];

export interface BetweenMapping {
  readonly column: string;
  readonly minimum?: number | string;
  readonly maximum?: number | string;
}

export interface IncreasingMapping {
  readonly column: string;
  readonly strictly?: boolean;
  readonly per?: KeyText;
}

export interface OrderedMapping {
  readonly columns: readonly string[];
  readonly strictly?: boolean;
}

export interface RowCountMapping {
  readonly batches?: number;
  readonly atLeast?: number;
  readonly atMost?: number;
}

export interface DisjointMapping {
  readonly columns: KeyText;
  readonly timeUnit?: 'hour' | 'day' | 'week' | 'month' | 'year';
}

// The short forms, made long. ----------------------------------------------

export const keyOf = (key: KeyText): readonly string[] => (typeof key === 'string' ? [key] : key);

export const increasingOf = (written: string | IncreasingMapping): IncreasingMapping => (typeof written === 'string' ? { column: written } : written);

export const notInFutureOf = (written: NonNullable<ExpectationMapping['notInFuture']>): { readonly column: string; readonly tolerance?: DurationText } =>
  typeof written === 'string' ? { column: written } : written;

export const orderedOf = (written: readonly string[] | OrderedMapping): OrderedMapping =>
  Array.isArray(written) ? { columns: written as readonly string[] } : (written as OrderedMapping); // Array.isArray does not narrow readonly arrays

export const disjointOf = (written: KeyText | DisjointMapping): DisjointMapping =>
  typeof written === 'string' || Array.isArray(written) ? { columns: written as KeyText } : (written as DisjointMapping); // Array.isArray does not narrow readonly arrays
