/**
 * Rows that broke expectations, as they are kept in an artifact: what a person needs to find and mend them. They may be
 * personal data, so the artifact can be deleted; and nothing in it says which run it was, so that the same rows are the
 * same artifact.
 */
export interface Offenders {
  readonly format: 'refit/offenders/v1';
  readonly dataset: string;
  /** Empty: the window. */
  readonly batch: string;
  /** Of the judged rows. */
  readonly snapshotHash: string;
  /** What rows are told apart by; none: only by their number. */
  readonly keyColumns: readonly string[];
  readonly expectations: readonly OffendersOfExpectation[];
}

export interface OffendersOfExpectation {
  readonly name: string;
  readonly unexpectedRows: number;
  /** That the expectation names: what to look at first. */
  readonly columns: readonly string[];
  /** The first of them in the order of the data, at most `mostKeys`. */
  readonly rows: readonly OffendingRow[];
  /** The first of these with what stands in their columns, at most `mostSamples`. */
  readonly samples: readonly OffenderSample[];
}

/** A row by its number in the snapshot, from 1, and the values of the key columns as text. */
export interface OffendingRow {
  readonly row: number;
  readonly key: readonly (string | null)[];
}

export interface OffenderSample {
  readonly row: number;
  /** By column; as text, long values cut. */
  readonly values: Readonly<Record<string, string | null>>;
}

export const mostKeys = 1000;
export const mostSamples = 20;

