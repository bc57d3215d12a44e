import { describe, expect, it } from 'vitest';
import { areaUnderCurve, aucOfParts } from './told-apart.js';
import reference from './told-apart.reference.json' with { type: 'json' };

const scores = ({ reference: before, sample }: (typeof reference)[number]) => ({ reference: Float64Array.from(before), sample: Float64Array.from(sample) });

describe('the area under the ROC curve', () => {
  it.each(reference)('and its variance are those of scikit-learn and of their definition: %#', (given) => {
    const { area, variance } = areaUnderCurve(scores(given));
    expect(area).toBeCloseTo(given.area, 14);
    expect(variance).toBeCloseTo(given.variance, 14);
  });

  it('has the p-value of the Mann–Whitney test of scipy', () => {
    for (const given of reference.filter(({ ties }) => !ties)) expect(Math.log(aucOfParts([scores(given)])!.pValue)).toBeCloseTo(Math.log(given.pValue), 9);
  });
});

describe('an AUC of several parts', () => {
  it('is their mean, and no surer than one of them', () => {
    const [first] = reference.map(scores);
    const [one, three] = [aucOfParts([first!])!, aucOfParts([first!, first!, first!])!];
    expect(three).toMatchObject({ referenceRows: 3 * one.referenceRows, sampleRows: 3 * one.sampleRows });
    expect(three.auc).toBeCloseTo(one.auc, 12);
    expect(three.pValue).toBeCloseTo(one.pValue, 12);
    expect(three.interval[0]).toBeCloseTo(one.interval[0], 12);
  });

  it('lies within its interval, which lies within 0 and 1', () => {
    for (const given of reference) {
      const { auc, interval: [low, high] } = aucOfParts([scores(given)])!;
      expect([low >= 0, low <= auc, auc <= high, high <= 1]).toEqual([true, true, true, true]);
    }
  });

  it('does not exist without rows on a side', () => {
    expect(aucOfParts([{ reference: Float64Array.of(1), sample: Float64Array.of(1, 2) }])).toBeUndefined();
    expect(aucOfParts([])).toBeUndefined();
  });
});
