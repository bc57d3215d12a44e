import type { CategoryColumn } from './column-table.js';
import type { Encoding, Fitted } from './fitted-transforms.js';

/** @param limit most categories that are told apart; the less frequent ones share a bucket */
export function fitCategories(column: string, { codes, dictionary }: CategoryColumn, rows: Uint32Array, limit: number, encoding: Encoding): Fitted {
  const counts = new Uint32Array(dictionary.length);
  let missing = 0;
  for (const row of rows) {
    if (codes[row] < 0) missing += 1;
    else counts[codes[row]] += 1;
  }
  const present = dictionary.map((_, code) => code).filter((code) => counts[code] > 0);
  if (present.length === 0) return 'empty in every training row';
  if (present.length === 1 && missing === 0) return 'constant in the training rows';
  if (present.length === rows.length - missing) return 'an identifier: different in every row';
  // The dictionary is sorted, so equally frequent categories come by text.
  const categories = present.sort((a, b) => counts[b] - counts[a] || a - b).slice(0, limit).map((code) => dictionary[code]);
  if (encoding === 'ordinal') return [{ kind: 'rank', column, categories }];
  return [{ kind: 'one-hot', column, categories, other: present.length > categories.length, missing: missing > 0 }];
}
