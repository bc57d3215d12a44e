/**
 * What a column of text holds besides words: rows whose value, without blanks around it, has one of these forms. The
 * others are words. A value has the first form that fits. In text with very many different values, of which all are words in
 * 32,768 rows that a hash chooses, all are taken for words; what is counted is counted exactly.
 */
export interface TextForms {
  /** One of `nullTokens`. */
  readonly nullTokens: number;
  /** Digits with a zero before them, as codes have: 08123. */
  readonly codes: number;
  /** What reads as a number, NaN and infinity included. */
  readonly numbers: number;
  /** What begins as a date does: 2018-01-31, 31.1.2018. */
  readonly times: number;
  /** true and false. */
  readonly truths: number;
  /** Rows with text that was read in another encoding than it was written in: "ZÃ¼rich". */
  readonly mojibake: number;
}

export const noForms: TextForms = { nullTokens: 0, codes: 0, numbers: 0, times: 0, truths: 0, mojibake: 0 };

/**
 * What people and programs write where there is no value, in lower case and without blanks around it: most of what pandas
 * takes for missing, and signs that stand alone. Words that may be a category as well ("unknown", "other") are none.
 */
export const nullTokens: readonly string[] = [
  '', '?', '-', '--', '---', '.', '..', 'na', 'n/a', 'n.a.', 'n/d', '#n/a', '#na', '#value!', '#ref!', 'nan', 'null', '(null)', 'nil', 'none', '<na>', '\\n', 'missing', 'undefined',
];

const tokens: ReadonlySet<string> = new Set(nullTokens);

export const isNullToken = (value: string): boolean => tokens.has(value.trim().toLowerCase());
