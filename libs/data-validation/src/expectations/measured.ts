/** What was counted for an expectation, before anybody says what to make of it. Counts are exact. */
export type Measured =
  | RowsMeasured
  /** How old the newest time is. */
  | { readonly is: 'newest'; readonly rows: number; readonly newest: number | undefined; readonly now: number }
  | { readonly is: 'rowCount'; readonly rows: number; readonly accepted: readonly number[] }
  /** It could not be counted. */
  | { readonly is: 'unknown'; readonly because: string };

export interface RowsMeasured {
  readonly is: 'rows';
  /** Of the data. */
  readonly rows: number;
  /** Of these, those that the expectation is about: what its `where` is true of; of overlap those of the test. */
  readonly asked: number;
  /** Of these, those that have what is judged: a row without a value breaks no rule about values. */
  readonly judged: number;
  /** Of these, those that are not as expected. */
  readonly unexpected: number;
}

export const unknown = (because: string): Measured => ({ is: 'unknown', because });
