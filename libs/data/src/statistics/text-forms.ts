import { nullTokens, type TextForms } from '@refit/data-validation';
import type { Row } from '../duckdb.js';
import { literal } from '../sql.js';

/** In the order in which they are asked for; the place is the number that `formOf` gives. */
const exclusive = ['nullTokens', 'codes', 'truths', 'numbers', 'times'] as const satisfies readonly (keyof TextForms)[];
const forms = [...exclusive, 'mojibake'] as const;

/** Letters that a token, a truth value or a number begins with: only short text with them is looked at. */
const initials = [...new Set([...nullTokens.map((token) => token.slice(0, 1)), 't', 'f', 'n', 'i'])].filter((letter) => /[a-z\\]/u.test(letter));
/** The longest of those words is Infinity; with a few blanks behind it. */
const longestWord = 12;

const beginnings = initials.flatMap((letter) => [...new Set([letter, letter.toUpperCase()])]);

/**
 * Text in UTF-8 that was read as Latin-1 or Windows-1252 has a letter of the first bytes, Â … â, before characters that
 * follow bytes become: U+0080 … U+00BF, or the signs that Windows-1252 has in their place. Hardly a word in any language
 * has those together.
 */
const mojibake = '[\\x{C2}\\x{C3}][\\x{80}-\\x{BF}\\x{152}\\x{153}\\x{160}\\x{161}\\x{178}\\x{17D}\\x{17E}\\x{192}\\x{2C6}\\x{2DC}\\x{2018}-\\x{2026}\\x{2030}\\x{2039}\\x{203A}\\x{2122}]|\\x{E2}[\\x{80}\\x{20AC}][\\x{80}-\\x{BF}\\x{152}\\x{153}\\x{2018}-\\x{201E}\\x{2122}\\x{2C6}\\x{2DC}]';

/**
 * The SQL of a text's form as a number, NULL for words. Cheap questions come first, and each in a CASE, which unlike an AND
 * asks the next one only of the rows that are left: most text is words.
 */
export function formOf(value: string): string {
  const trimmed = `trim(${value})`;
  // Digits, signs and blanks come before letters.
  const mayHaveForm = `${value} < 'A' OR (strlen(${value}) <= ${longestWord} AND left(${value}, 1) IN (${beginnings.map(literal).join(', ')}))`;
  const isCode = `CASE WHEN ${trimmed} > '0' AND ${trimmed} < '1' THEN regexp_full_match(${trimmed}, '0[0-9]+') ELSE false END`;
  // What DuckDB reads besides, as code does, is no number in a file.
  const isNumber = `TRY_CAST(${value} AS DOUBLE) IS NOT NULL AND NOT contains(${value}, '_') AND NOT contains(${value}, 'x')`;
  const isTime = `CASE WHEN contains(${value}, '-') OR contains(${value}, '.') OR contains(${value}, '/') THEN regexp_matches(${trimmed}, '^[0-9]{1,4}[-/.][0-9]{1,2}[-/.][0-9]{1,4}') ELSE false END`;
  const questions = [
    `CASE WHEN strlen(${value}) <= ${longestWord} THEN lower(${trimmed}) IN (${nullTokens.map(literal).join(', ')}) ELSE false END`,
    isCode, `CASE WHEN ${value} >= 'F' OR ${value} < '!' THEN lower(${trimmed}) IN ('true', 'false') ELSE false END`, isNumber, isTime,
  ];
  return `CASE WHEN ${mayHaveForm} THEN CASE ${questions.map((question, i) => `WHEN ${question} THEN ${i}`).join(' ')} END END`;
}

/** Of ASCII only, a text is as long in bytes as in characters. */
export const isMojibake = (value: string): string => `CASE WHEN strlen(${value}) > length(${value}) THEN regexp_matches(${value}, ${literal(mojibake)}) ELSE false END`;

/** Select list of sums over what `formOf` and `isMojibake` gave, named with a suffix. */
export const sumForms = (form: string, damaged: string, sum: (condition: string) => string, suffix = ''): string =>
  [...exclusive.map((name, i) => `${sum(`${form} = ${i}`)} AS "${name}${suffix}"`), `${sum(damaged)} AS "mojibake${suffix}"`].join(', ');

/** The sums of a row; undefined where there is none of any form, as in most columns. */
export function textForms(row: Row, suffix = ''): TextForms | undefined {
  const counts = forms.map((form) => [form, Number(row[`${form}${suffix}`] ?? 0)] as const);
  if (counts.every(([, count]) => count === 0)) return undefined;
  return Object.fromEntries(counts) as unknown as TextForms; // every form is there
}
