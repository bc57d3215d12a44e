import { describe, expect, it } from 'vitest';
import { chanceLimit, chiSquare99, populationStabilityIndex } from './population-stability-index.js';
import reference from './population-stability-index.reference.json' with { type: 'json' };

describe('the population stability index', () => {
  it.each(reference.cases)('is what scipy’s entropies add up to: $name', ({ reference: expected, sample, psi }) => {
    expect(populationStabilityIndex(expected, sample)).toBeCloseTo(psi, 12);
  });

  it('does not exist without values, or over different bins', () => {
    expect(populationStabilityIndex([0, 0], [1, 2])).toBeUndefined();
    expect(populationStabilityIndex([1, 2], [0, 0])).toBeUndefined();
    expect(populationStabilityIndex([], [])).toBeUndefined();
    expect(populationStabilityIndex([1, 2, 3], [1, 2])).toBeUndefined();
    expect(populationStabilityIndex([1, Number.NaN], [1, 2])).toBeUndefined();
  });
});

describe('its chance limit', () => {
  it.each(Object.entries(reference.chiSquare99))('has the χ² quantile of scipy within 1 %%: %s degrees of freedom', (k, exact) => {
    expect(Math.abs(chiSquare99(Number(k)) / exact - 1)).toBeLessThan(0.01);
  });

  it.each(reference.simulated)('is the 99th percentile of 20,000 simulated pairs of samples of $n and $m rows, within 10 %', ({ n, m, quantile99 }) => {
    const bins = (rows: number) => Array.from({ length: 10 }, () => rows / 10);
    expect(Math.abs(chanceLimit(bins(m), bins(n)) / quantile99 - 1)).toBeLessThan(0.1);
  });
});
