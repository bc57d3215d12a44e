import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { comparisonEdges } from '../comparison-bins.js';
import { numericStatistics } from '../numeric-statistics.js';
import { mergeNumbers, type NumberPart } from './merge-numbers.js';

/** What a partition with these numbers keeps of them: its bins end at eighths of the rows. */
function partOf(numbers: readonly number[]): NumberPart {
  const sorted = numbers.toSorted((a, b) => a - b);
  const values = [...new Set(sorted)];
  const data = { values: Float64Array.from(values), counts: Float64Array.from(values, (value) => sorted.filter((other) => other === value).length) };
  const edges = comparisonEdges([1, 2, 3, 4, 5, 6, 7].map((eighth) => sorted[Math.floor(((sorted.length - 1) * eighth) / 8)] ?? 0));
  return { numeric: numericStatistics(data)!, bins: numericStatistics(data, { comparisonEdges: edges })!.comparison! };
}

const times = (count: number, value: number) => Array.from({ length: count }, () => value);

const merge = (...parts: readonly (readonly number[])[]) => mergeNumbers(parts.map(partOf), {}).numeric;

describe('merged numbers', () => {
  it('over one range have the bins of equal width of all rows, whose values lie on edges', () => {
    const parts = [[...times(40, 0), ...times(7, 1), ...times(90, 3), 6], [0, ...times(30, 2), ...times(11, 5), 6]];
    expect(merge(...parts).equalWidth).toEqual(partOf(parts.flat()).numeric.equalWidth);
  });

  it('have every number in one bin of equal width, and no less than none in any', () => {
    const number = fc.oneof(fc.integer({ min: -9, max: 9 }), fc.double({ noNaN: true, noDefaultInfinity: true }), fc.constantFrom(-Number.MIN_VALUE, 0, Number.MIN_VALUE, -1e308, 1e308));
    fc.assert(fc.property(fc.array(fc.array(number, { minLength: 1, maxLength: 40 }), { minLength: 2, maxLength: 4 }), (parts) => {
      const { equalWidth = [], quantiles, histogram } = merge(...parts.map((part) => part.map((value) => value + 0)));
      expect(equalWidth.reduce((total, count) => total + count, 0)).toBe(parts.flat().length);
      expect(Math.min(...equalWidth, ...histogram.counts)).toBeGreaterThanOrEqual(0);
      expect(quantiles.every((quantile) => Number.isFinite(quantile))).toBe(true);
    }), { numRuns: 500 });
  });

  it('have the values that there are as quantiles, and not the numbers just below', () => {
    const found = merge([...times(12, -1), ...times(20, 0), ...times(2, 2)], [...times(11, -1), ...times(30, 0), ...times(5, 1)], [...times(8, -1), ...times(9, 0)]);
    expect(found.quantiles.slice(1, 4).map((quantile) => quantile + 0)).toEqual([-1, 0, 0]);
    expect([...found.quantiles, ...found.histogram.edges]).not.toContain(-Number.MIN_VALUE);
  });
});
