import { describe, expect, it } from 'vitest';
import reference from './single-feature-power.reference.json' with { type: 'json' };
import { binnedAuc, binnedR2, type FeatureBin } from './single-feature-power.js';

const binsOf = (bins: readonly (readonly (readonly number[])[])[]): readonly FeatureBin[] =>
  bins.map((halves) => {
    const [one, other] = halves.map(([rows = 0, sum = 0, squares = 0]) => ({ rows, sum, squares }));
    return { halves: [one!, other!] };
  });

describe('what a feature by itself tells of the label', () => {
  it.each(reference.filter(({ auc }) => auc !== null))('is, of a class, as scikit-learn has it: $name', ({ bins, auc }) => {
    expect(binnedAuc(binsOf(bins))).toBeCloseTo(auc!, 10);
  });

  it.each(reference)('is, of a number, as scikit-learn has it: $name', ({ bins, r2 }) => {
    expect(binnedR2(binsOf(bins))).toBeCloseTo(r2, 10);
  });

  it('is nothing for an identifier, and everything for a leak', () => {
    const [identifier, leak] = ['an identifier', 'a leak'].map((name) => binnedAuc(binsOf(reference.find((found) => found.name === name)!.bins)));
    expect(Math.abs(identifier! - 0.5)).toBeLessThan(0.01);
    expect(leak).toBe(1);
  });

  it('does not exist of a label that is always the same', () => {
    expect(binnedAuc(binsOf([[[5, 5, 5], [5, 5, 5]]]))).toBeUndefined();
    expect(binnedR2(binsOf([[[5, 5, 5], [5, 5, 5]]]))).toBeUndefined();
    expect(binnedAuc([])).toBeUndefined();
  });
});
