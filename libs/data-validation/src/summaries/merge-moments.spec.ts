import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { numericStatistics } from '../numeric-statistics.js';
import { mergeMoments, type PartialMoments } from './merge-moments.js';

const momentsOf = (numbers: readonly number[]): PartialMoments => {
  const counts = new Map<number, number>();
  for (const x of numbers) counts.set(x, (counts.get(x) ?? 0) + 1);
  const values = Float64Array.from(counts.keys()).sort();
  const found = numericStatistics({ values, counts: values.map((value) => counts.get(value) ?? 0) });
  return { rows: numbers.length, mean: found?.mean ?? 0, standardDeviation: found?.standardDeviation ?? 0, skewness: found?.skewness ?? 0 };
};

/** Numbers of one size, so that what rounding leaves is small beside the result. */
const parts = fc.array(fc.array(fc.integer({ min: -1000, max: 1000 }).map((x) => x / 8), { maxLength: 60 }), { minLength: 2, maxLength: 6 })
  .filter((lists) => new Set(lists.flat()).size > 2);

describe('moments of parts together', () => {
  it('are those of all numbers at once', () => {
    fc.assert(fc.property(parts, (lists) => {
      const all = momentsOf(lists.flat());
      const merged = lists.map(momentsOf).reduce(mergeMoments);
      expect(merged.rows).toBe(all.rows);
      expect(Math.abs(merged.mean - all.mean)).toBeLessThanOrEqual(1e-9 * Math.max(Math.abs(all.mean), all.standardDeviation));
      expect(Math.abs(merged.standardDeviation - all.standardDeviation)).toBeLessThanOrEqual(1e-9 * all.standardDeviation);
      expect(Math.abs(merged.skewness - all.skewness)).toBeLessThanOrEqual(1e-9 * Math.max(Math.abs(all.skewness), 1));
    }));
  });

  it('are the same in any order of merging, but for rounding', () => {
    fc.assert(fc.property(parts, (lists) => {
      const forward = lists.map(momentsOf).reduce(mergeMoments);
      const backward = lists.map(momentsOf).reduceRight((b, a) => mergeMoments(b, a));
      expect(Math.abs(forward.standardDeviation - backward.standardDeviation)).toBeLessThanOrEqual(1e-9 * forward.standardDeviation);
      expect(Math.abs(forward.skewness - backward.skewness)).toBeLessThanOrEqual(1e-9 * Math.max(Math.abs(forward.skewness), 1));
    }));
  });

  it('do not overflow', () => {
    expect(mergeMoments(momentsOf([1e300, 1.5e300, 1.1e300]), momentsOf([-1e300]))).toMatchObject({ rows: 4, mean: expect.closeTo(0.65e300, -290) });
  });
});
