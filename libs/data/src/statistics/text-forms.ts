import { nullTokens, type TextForms } from '@refit/data-validation';
import type { Row } from '../duckdb.js';
import { float } from '../text-types.js';
import { literal } from '../sql.js';

const forms = ['nullTokens', 'codes', 'numbers', 'times', 'truths', 'mojibake'] as const satisfies readonly (keyof TextForms)[];

const longestToken = Math.max(...nullTokens.map((token) => token.length));
/** A few blanks around a token are looked past; of text that is longer only the length is asked. */
const blanksAround = 8;

/**
 * Text in UTF-8 that was read as Latin-1 or Windows-1252 has a letter of the first bytes, Â … ï, before characters that
 * follow bytes become: U+0080 … U+00BF, or the signs that Windows-1252 has in their place. Hardly a word in any language
 * has those together.
 */
const mojibake = '[\\x{C2}\\x{C3}][\\x{80}-\\x{BF}\\x{152}\\x{153}\\x{160}\\x{161}\\x{178}\\x{17D}\\x{17E}\\x{192}\\x{2C6}\\x{2DC}\\x{2018}-\\x{2026}\\x{2030}\\x{2039}\\x{203A}\\x{2122}]|\\x{E2}[\\x{80}\\x{20AC}][\\x{80}-\\x{BF}\\x{152}\\x{153}\\x{2018}-\\x{201E}\\x{2122}\\x{2C6}\\x{2DC}]';

/** SQL that says for each form whether a text has it; cheap questions first, as most text is words. */
export function formConditions(value: string): Readonly<Record<keyof TextForms, string>> {
  const trimmed = `trim(${value}, E' \\t\\n\\r')`;
  const isShort = `strlen(${value}) <= ${longestToken + blanksAround}`;
  // What begins with a letter of the alphabet comes after every digit and sign, and all of NaN and infinity is short.
  const mayBeNumber = `(${value} < ':' OR ${isShort})`;
  const isToken = `(${isShort} AND lower(${trimmed}) IN (${nullTokens.map(literal).join(', ')}))`;
  const isCode = `(${value} < ':' AND regexp_full_match(${trimmed}, '0[0-9]+'))`;
  return {
    nullTokens: isToken,
    codes: isCode,
    numbers: `(${mayBeNumber} AND regexp_full_match(${trimmed}, ${literal(float)}) AND NOT ${isToken})`,
    times: `(${value} < ':' AND regexp_matches(${trimmed}, '^[0-9]{1,4}[-/.][0-9]{1,2}[-/.][0-9]{1,4}'))`,
    truths: `(${isShort} AND lower(${trimmed}) IN ('true', 'false'))`,
    // Of ASCII only, a text is as long in bytes as in characters.
    mojibake: `(strlen(${value}) > length(${value}) AND regexp_matches(${value}, ${literal(mojibake)}))`,
  };
}

/** Select list of sums over conditions, named with a suffix. */
export const sumForms = (value: string, sum: (condition: string) => string, suffix = ''): string =>
  Object.entries(formConditions(value)).map(([form, condition]) => `${sum(condition)} AS "${form}${suffix}"`).join(', ');

/** The sums of a row; undefined where there is none of any form, as in most columns. */
export function textForms(row: Row, suffix = ''): TextForms | undefined {
  const counts = forms.map((form) => [form, Number(row[`${form}${suffix}`] ?? 0)] as const);
  if (counts.every(([, count]) => count === 0)) return undefined;
  return Object.fromEntries(counts) as unknown as TextForms; // every form is there
}
