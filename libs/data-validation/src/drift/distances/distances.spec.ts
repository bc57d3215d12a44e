import { describe, expect, it } from 'vitest';
import { numericStatistics } from '../../numeric-statistics.js';
import reference from '../drift.reference.json' with { type: 'json' };
import { chiSquareTest, hellingerDistance, jensenShannonDivergence, lInfinityDistance, normalizedAbsoluteDifference } from './bin-distances.js';
import { poolRare } from './counts.js';
import { countValues, exactDistances } from './exact-distances.js';
import { summaryDistances } from './summary-distances.js';

describe('distances over bins', () => {
  it.each(reference.bins)('agree with scipy: $name', (expected) => {
    expect(jensenShannonDivergence(expected)).toBeCloseTo(expected.jensenShannon, 12);
    expect(hellingerDistance(expected)).toBeCloseTo(expected.hellinger, 12);
    expect(lInfinityDistance(expected)).toBeCloseTo(expected.lInfinity, 14);
    expect(normalizedAbsoluteDifference(expected)).toBeCloseTo(expected.normalizedAbsoluteDifference, 14);
    const found = chiSquareTest(expected);
    expect(found.statistic).toBeCloseTo(expected.chiSquare.statistic, 9);
    expect(found.degreesOfFreedom).toBe(expected.chiSquare.degreesOfFreedom);
    expect(found.pValue).toBeCloseTo(expected.chiSquare.pValue, 12);
  });

  it('do not exist without rows on either side', () => {
    const nothing = { reference: [0, 0], sample: [1, 2] };
    expect([jensenShannonDivergence, hellingerDistance, lInfinityDistance].map((distance) => distance(nothing))).toEqual([undefined, undefined, undefined]);
    expect(chiSquareTest(nothing).pValue).toBe(1);
  });

  it('stay finite for a category that only one side has', () => {
    const found = chiSquareTest(poolRare({ reference: [1000, 0], sample: [900, 100] }));
    expect(found.statistic).toBeGreaterThan(50);
    expect(Number.isFinite(found.statistic)).toBe(true);
  });

  it('put bins that expect fewer than five rows together, whatever side they are rare on', () => {
    expect(poolRare({ reference: [100, 9, 1, 0], sample: [50, 1, 0, 9] })).toEqual({ reference: [100, 10], sample: [50, 10] });
    expect(poolRare({ reference: [100, 1, 0], sample: [100, 0, 40], othersLast: true })).toEqual({ reference: [100, 1], sample: [100, 40] });
    expect(poolRare({ reference: [9, 9], sample: [9, 9] })).toEqual({ reference: [9, 9], sample: [9, 9] });
  });
});

describe('distances between distribution functions', () => {
  it.each(reference.samples)('are scipy’s when the values are at hand: $name', ({ reference: x, sample: y, winsorisedAt, ...expected }) => {
    const plain = exactDistances(countValues(x), countValues(y))!;
    expect(plain.kolmogorovSmirnov).toBeCloseTo(expected.kolmogorovSmirnov, 14);
    expect(plain.wasserstein).toBeCloseTo(expected.wasserstein, 9);
    const winsorised = exactDistances(countValues(x), countValues(y), [winsorisedAt[0]!, winsorisedAt[1]!])!;
    expect(winsorised.wasserstein).toBeCloseTo(expected.winsorised, 9);
    expect(winsorised.kolmogorovSmirnov).toBe(plain.kolmogorovSmirnov);
  });

  it.each(reference.samples)('lie within the stated error when only the bins are left: $name', ({ reference: x, sample: y }) => {
    const before = numericStatistics(countValues(x))!.comparison!;
    const now = numericStatistics(countValues(y), { comparisonEdges: before.edges })!.comparison!;
    const found = summaryDistances(before, now)!;
    const exact = exactDistances(countValues(x), countValues(y), [before.edges[0]!, before.edges.at(-1)!])!;
    const within = (value: number, error: number, truth: number) => {
      expect(truth).toBeGreaterThanOrEqual(value - 1e-9 * (1 + truth));
      expect(truth).toBeLessThanOrEqual(value + error + 1e-9 * (1 + truth));
    };
    within(found.kolmogorovSmirnov, found.kolmogorovSmirnovError, exact.kolmogorovSmirnov);
    within(found.wasserstein, found.wassersteinError, exact.wasserstein);
  });

  it('are exact from bins where the two do not cross', () => {
    const { reference: x } = reference.samples.find(({ name }) => name === 'lognormal, scaled')!;
    const y = x.map((value) => 1.28 * value);
    const before = numericStatistics(countValues(x))!.comparison!;
    const found = summaryDistances(before, numericStatistics(countValues(y), { comparisonEdges: before.edges })!.comparison!)!;
    const exact = exactDistances(countValues(x), countValues(y), [before.edges[0]!, before.edges.at(-1)!])!;
    expect(found.wasserstein / exact.wasserstein).toBeCloseTo(1, 9);
    expect(found.wassersteinError / exact.wasserstein).toBeLessThan(0.1);
  });

  it('do not exist without values, or over other bins', () => {
    const bins = numericStatistics(countValues([1, 2, 3]))!.comparison!;
    expect(exactDistances(countValues([]), countValues([1]))).toBeUndefined();
    expect(summaryDistances(bins, numericStatistics(countValues([1, 2, 4]))!.comparison!)).toBeUndefined();
  });
});
