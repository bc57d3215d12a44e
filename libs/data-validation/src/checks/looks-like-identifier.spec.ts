import { describe, expect, it } from 'vitest';
import { numericStatistics } from '../numeric-statistics.js';
import { countValues } from '../drift/distances/exact-distances.js';
import { semanticType } from '../semantic-type.js';
import type { ColumnStatistics } from '../statistics.js';
import { isRunningNumber } from './looks-like-identifier.js';

function column(name: string, values: readonly number[], type: 'integer' | 'float' = 'integer'): ColumnStatistics {
  const numeric = numericStatistics(countValues(values));
  const statistics = { name, type, missing: 0, nonFinite: 0, distinct: new Set(values).size, ...(numeric && { numeric }) };
  return { ...statistics, semantic: semanticType(statistics, values.length) };
}

const each = (rows: number, value: (i: number) => number) => Array.from({ length: rows }, (_, i) => value(i));

describe('a running number', () => {
  it.each([
    ['counts rows', column('x', each(1000, (i) => 70_000 + i))],
    ['in any order, with gaps', column('x', each(1000, (i) => ((i * 7) % 1000) + Math.floor(((i * 7) % 1000) / 2)))],
    ['is named so, however far apart', column('order_id', each(1000, (i) => i * 4093))],
  ])('%s', (_, given) => expect(isRunningNumber(given)).toBe(true));

  it.each([
    ['an amount that happens to differ in each row', column('cents', each(1000, (i) => i * 4093))],
    ['whole numbers of which one comes twice', column('id', [...each(999, (i) => i), 0])],
    ['fewer than 50 rows', column('id', each(49, (i) => i))],
    ['numbers with a point', column('id', each(1000, (i) => i + 0.5), 'float')],
    ['an index of prices', column('price_index', each(400, (i) => 1000 + i * 31))],
  ])('is not %s', (_, given) => expect(isRunningNumber(given)).toBe(false));
});
