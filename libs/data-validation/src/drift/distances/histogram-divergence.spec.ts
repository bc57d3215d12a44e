import { describe, expect, it } from 'vitest';
import { lInfinityDistance, normalizedAbsoluteDifference } from './bin-distances.js';
import { histogramDivergence, type Bucket } from './histogram-divergence.js';
import reference from './histogram-divergence.reference.json' with { type: 'json' };

const buckets = (...of: readonly (readonly (number | string)[])[]): Bucket[] => of.map(([low, high, count]) => ({ low: Number(low), high: Number(high), count: Number(count) }));

describe('TensorFlow Data Validation', () => {
  it('finds the same divergences of forty pairs of histograms', () => {
    for (const { reference: before, sample, divergence } of reference.histograms) {
      const found = histogramDivergence({ buckets: buckets(...before.buckets), nan: before.nan }, { buckets: buckets(...sample.buckets), nan: sample.nan });
      expect(found).toBeCloseTo(divergence, 12);
    }
    expect(reference.histograms).toHaveLength(40);
  });

  it.each(reference.counts)('finds the same L-infinity distance and normalized absolute difference: %#', (counts) => {
    expect(lInfinityDistance(counts)).toBeCloseTo(counts.lInfinity, 14);
    expect(normalizedAbsoluteDifference(counts)).toBeCloseTo(counts.normalizedAbsoluteDifference, 14);
  });
});

// These values are those of TFDV's own tests (anomalies/metrics_test.cc).
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
