import { describe, expect, it } from 'vitest';
import { coarserBins } from './equal-width-bins.js';
import { numericStatistics } from './numeric-statistics.js';
import reference from './numeric-statistics.reference.json' with { type: 'json' };

const of = (values: readonly number[], counts: readonly number[]) => ({ values: Float64Array.from(values), counts: Float64Array.from(counts) });

describe('statistics of numbers', () => {
  it.each(reference)('agree with numpy: $name', (expected) => {
    const found = numericStatistics(of(expected.values, expected.counts))!;
    expect(found.mean).toBeCloseTo(expected.mean, 3);
    expect(found.mean / expected.mean).toBeCloseTo(1, 12);
    expect(found.standardDeviation).toBeCloseTo(expected.standardDeviation, 4);
    expect(found.zeros).toBe(expected.zeros);
    expect(found.skewness).toBeCloseTo(expected.skewness, 8);
    expect(coarserBins(found.equalWidth!, 10)).toEqual(expected.tenBins);
    expected.quantiles.forEach((q, i) => expect(found.quantiles[i]! - q).toBeCloseTo(0, 6));
    expected.edges.forEach((edge, i) => expect(found.histogram.edges[i]! - edge).toBeCloseTo(0, 6));
    expect(found.histogram.edges).toHaveLength(expected.edges.length);
    const onReferenceEdges = numericStatistics(of(expected.values, expected.counts), { edges: expected.edges })!;
    expect(onReferenceEdges.histogram.counts).toEqual(expected.histogram);
  });

  it('count a value that lies on an edge below it, in a histogram on given edges', () => {
    const { histogram } = numericStatistics(of([1, 2, 3, 10], [1, 2, 3, 4]), { edges: [2, 5] })!;
    expect(histogram).toEqual({ edges: [2, 5], counts: [3, 3, 4] });
  });

  it('count what lies outside a range, whose ends are inside', () => {
    const { outside } = numericStatistics(of([1, 2, 3, 10], [1, 2, 3, 4]), { range: { minimum: 2, maximum: 3 } })!;
    expect(outside).toEqual({ range: { minimum: 2, maximum: 3 }, below: 1, above: 4 });
  });

  it.each(reference)('weighted, agree with numpy on the weighted distribution: $name', ({ values, counts, weighted }) => {
    const found = numericStatistics(of(values, counts.map((count, i) => count * (0.5 + (i % 3)))), { weightedRows: counts.reduce((a, b) => a + b) })!;
    expect(found.mean / weighted.mean).toBeCloseTo(1, 12);
    expect(found.standardDeviation).toBeCloseTo(weighted.standardDeviation, 4);
    expect(found.quantiles).toEqual(weighted.quantiles);
  });

  it('have the most frequent value, the smallest of equals, where one was seen twice', () => {
    expect(numericStatistics(of([1, 2, 3], [1, 4, 4]))!.mode).toEqual({ value: 2, count: 4 });
    expect(numericStatistics(of([1, 2, 3], [1, 1, 1]))!.mode).toBeUndefined();
  });

  it('do not exist without numbers', () => {
    expect(numericStatistics(of([], []))).toBeUndefined();
  });

  it('stay finite for the largest numbers', () => {
    const found = numericStatistics(of([-Number.MAX_VALUE, Number.MAX_VALUE], [3, 3]))!;
    expect(found.mean).toBe(0);
    expect(Number.isFinite(found.standardDeviation)).toBe(true);
    expect(found.quantiles).toEqual([-Number.MAX_VALUE, -Number.MAX_VALUE, 0, Number.MAX_VALUE, Number.MAX_VALUE]);
    const [, quarter] = numericStatistics(of([-1e308, 1e308], [1, 1]))!.quantiles;
    expect(quarter! / -5e307).toBeCloseTo(1, 14);
  });
});
