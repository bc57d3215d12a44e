import { describe, expect, it } from 'vitest';
import { comparisonEdges } from './comparison-bins.js';
import { nextBelow } from './next-below.js';

describe('the edges that distributions are compared on', () => {
  it('are the quantiles, each once; a value that several share has a bin of its own', () => {
    expect(comparisonEdges([1, 2, 2, 2, 3])).toEqual([1, nextBelow(2), 2, 3]);
    expect(comparisonEdges([5, 5])).toEqual([nextBelow(5), 5]);
    expect(comparisonEdges([0, 0, 1])).toEqual([-Number.MIN_VALUE, 0, 1]);
  });

  it('ascend also where quantiles are neighbouring doubles', () => {
    expect(comparisonEdges([nextBelow(2), 2, 2])).toEqual([nextBelow(2), 2]);
  });
});

describe('the next double below', () => {
  it('has nothing between it and the number', () => {
    for (const value of [1, -1, 0.1, 1e300, -1e-300, Number.MIN_VALUE]) {
      const below = nextBelow(value);
      expect(below).toBeLessThan(value);
      expect([below, value]).toContain((below + value) / 2);
    }
  });
});
