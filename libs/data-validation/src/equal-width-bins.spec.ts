import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { equalWidthEdges } from './equal-width-bins.js';
import reference from './equal-width-bins.reference.json' with { type: 'json' };
import { numericStatistics } from './numeric-statistics.js';

const of = (values: readonly number[], counts: readonly number[] = values.map(() => 1)) => ({ values: Float64Array.from(values), counts: Float64Array.from(counts) });

const sum = (counts: readonly number[]) => counts.reduce((total, count) => total + count, 0);

/** How many values are in [edge, next edge), of the last bin both included. */
function countedByHand(values: readonly number[]): number[] {
  const [minimum, maximum] = [Math.min(...values), Math.max(...values)];
  const lower = [minimum, ...equalWidthEdges(minimum, maximum)];
  return lower.map((low, i) => values.filter((value) => value >= low && (i === lower.length - 1 ? value <= maximum : value < (lower[i + 1] ?? Infinity))).length);
}

describe('bins of equal width', () => {
  it.each(reference)('have the counts of numpy.histogram where values lie on edges: $name', ({ values, counts, edges, histogram }) => {
    const found = numericStatistics(of(values, counts))!;
    expect(equalWidthEdges(values[0]!, values.at(-1)!)).toEqual(edges);
    expect(found.equalWidth).toEqual(histogram);
  });

  const anything = fc.double({ noNaN: true, noDefaultInfinity: true });
  const onEdges = fc.tuple(anything, anything).map(([a, b]) => [a, b, ...equalWidthEdges(Math.min(a, b), Math.max(a, b))]);
  const whole = fc.array(fc.integer({ min: -1000, max: 1000 }), { minLength: 1, maxLength: 60 });
  const tiny = fc.array(fc.integer({ min: -300, max: 300 }).map((steps) => steps * Number.MIN_VALUE), { minLength: 1, maxLength: 60 });
  const huge = fc.array(fc.constantFrom(-Number.MAX_VALUE, -1e308, -1, 0, 1, 1e308, Number.MAX_VALUE), { minLength: 1, maxLength: 20 });

  it('count each value once, in the bin whose edges it lies between, whatever the values', () => {
    fc.assert(fc.property(fc.oneof(onEdges, whole, tiny, huge, fc.array(anything, { minLength: 1, maxLength: 60 })), (given) => {
      const values = given.map((value) => value + 0).toSorted((a, b) => a - b);
      const { equalWidth } = numericStatistics(of(values))!;
      expect(sum(equalWidth!)).toBe(values.length);
      expect(equalWidth).toEqual(countedByHand(values));
    }), { numRuns: 2000 });
  });

  it('have edges that ascend and stay in the range', () => {
    fc.assert(fc.property(fc.tuple(anything, anything), ([a, b]) => {
      const [minimum, maximum] = [Math.min(a, b), Math.max(a, b)];
      const all = [minimum, ...equalWidthEdges(minimum, maximum), maximum];
      expect(all.every((edge, i) => i === 0 || edge >= all[i - 1]!)).toBe(true);
    }), { numRuns: 2000 });
  });
});
