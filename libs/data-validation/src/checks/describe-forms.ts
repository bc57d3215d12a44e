import type { ColumnStatistics } from '../statistics.js';
import { isNullToken, noForms } from '../text-forms.js';
import { percent, some } from '../wording.js';

/**
 * What a column of text holds, the largest share first: `98.1 % numbers, 1.9 % "N/A"`. Undefined where it is words only.
 *
 * @param present rows with a value
 */
export function describeForms({ text, top = [] }: ColumnStatistics, present: number): string | undefined {
  if (!text?.forms || present <= 0) return undefined;
  const { nullTokens, codes, numbers, times, truths } = { ...noForms, ...text.forms };
  const words = present - nullTokens - codes - numbers - times - truths;
  const tokens = top.filter(({ value }) => isNullToken(value)).map(({ value }) => `"${value}"`);
  const others = top.filter(({ value }) => isWord(value)).map(({ value }) => `"${value.slice(0, 20)}"`);
  const parts = [
    [numbers, 'numbers'], [times, 'dates'], [truths, 'true or false'], [codes, 'codes with leading zeros'],
    [nullTokens, tokens.length > 0 ? some(tokens) : 'signs for a missing value'], [words, others.length > 0 && words > 0 ? `other text (${some(others)})` : 'other text'],
  ] as const;
  return parts.filter(([count]) => count > 0).toSorted(([a], [b]) => b - a).map(([count, what]) => `${percent(count / present)} ${what}`).join(', ');
}

const isWord = (value: string) => !isNullToken(value) && !/^[+-]?\.?[0-9]/u.test(value.trim()) && !/^(true|false)$/iu.test(value.trim());
