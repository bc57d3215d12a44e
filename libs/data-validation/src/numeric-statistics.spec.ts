import { describe, expect, it } from 'vitest';
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
    expected.quantiles.forEach((q, i) => expect(found.quantiles[i]! - q).toBeCloseTo(0, 6));
    expected.edges.forEach((edge, i) => expect(found.histogram.edges[i]! - edge).toBeCloseTo(0, 6));
    expect(found.histogram.edges).toHaveLength(expected.edges.length);
    const onReferenceEdges = numericStatistics(of(expected.values, expected.counts), expected.edges)!;
    expect(onReferenceEdges.histogram.counts).toEqual(expected.histogram);
  });

  it('count a value that lies on an edge below it, in a histogram on given edges', () => {
    const { histogram } = numericStatistics(of([1, 2, 3, 10], [1, 2, 3, 4]), [2, 5])!;
    expect(histogram).toEqual({ edges: [2, 5], counts: [3, 3, 4] });
  });

  it('count what lies outside a range, whose ends are inside', () => {
    const { outside } = numericStatistics(of([1, 2, 3, 10], [1, 2, 3, 4]), undefined, { minimum: 2, maximum: 3 })!;
    expect(outside).toEqual({ range: { minimum: 2, maximum: 3 }, below: 1, above: 4 });
  });

  it('do not exist without numbers', () => {
    expect(numericStatistics(of([], []))).toBeUndefined();
  });

  it('stay finite for the largest numbers', () => {
    const found = numericStatistics(of([-Number.MAX_VALUE, Number.MAX_VALUE], [3, 3]))!;
    expect(found.mean).toBe(0);
    expect(Number.isFinite(found.standardDeviation)).toBe(true);
  });
});
