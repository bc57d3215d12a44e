import { describe, expect, it } from 'vitest';
import { histogramDivergence, type Bucket } from './histogram-divergence.js';

const buckets = (...of: readonly (readonly [number, number, number])[]): Bucket[] => of.map(([low, high, count]) => ({ low, high, count }));

// The published values are those of TFDV's own tests (anomalies/metrics_test.cc).
describe('the divergence of two histograms', () => {
  it('cuts buckets in proportion to the width of their parts', () => {
    expect(histogramDivergence({ buckets: buckets([1, 2, 2], [2, 3, 2]) }, { buckets: buckets([2, 4, 2], [4, 6, 2]) })).toBeCloseTo(0.65563906222, 10);
  });

  it('is 1 where they have nothing in common', () => {
    expect(histogramDivergence({ buckets: buckets([0, 1, 2], [1, 2, 2]) }, { buckets: buckets([3, 4, 2], [4, 6, 2]) })).toBeCloseTo(1, 12);
    expect(histogramDivergence({ buckets: buckets([1, 1, 4]) }, { buckets: buckets([2, 4, 2], [4, 6, 2]) })).toBeCloseTo(1, 12);
  });

  it('takes NaN as a bucket', () => {
    expect(histogramDivergence({ buckets: buckets([1, 2, 3]), nan: 1 }, { buckets: buckets([1, 2, 4]) })).toBeCloseTo(0.13792538096, 10);
  });

  it('compares what has no width at the same value, and counts what is infinite as a difference', () => {
    expect(histogramDivergence({ buckets: buckets([3, 3, 5], [3, 4, 5]) }, { buckets: buckets([3, 3, 5], [3, 4, 5]) })).toBe(0);
    expect(histogramDivergence({ buckets: buckets([-Infinity, 0, 1]) }, { buckets: buckets([-Infinity, 0, 1]) })).toBe(1);
  });

  it('does not exist without rows', () => {
    expect(histogramDivergence({ buckets: [] }, { buckets: buckets([1, 2, 3]) })).toBeUndefined();
  });
});
