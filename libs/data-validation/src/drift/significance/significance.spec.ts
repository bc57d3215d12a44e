import { describe, expect, it } from 'vitest';
import reference from '../drift.reference.json' with { type: 'json' };
import { discoveryThreshold } from './benjamini-hochberg.js';
import { chiSquareExceedance } from './chi-square.js';
import { kolmogorovExceedance, kolmogorovSmirnovTest } from './kolmogorov.js';
import { normalExceedance } from './normal.js';
import { twoProportionTest } from './two-proportions.js';

const { chiSquare, normal, kolmogorov, kolmogorovSmirnovExact, twoProportions, fisher } = reference.significance;

/** Absolute and, as far as a double can tell, relative. */
const difference = (found: number, expected: number) => Math.abs(found - expected) / (expected > 1e-250 ? Math.min(expected, 1) : 1);

describe('probabilities', () => {
  it.each(chiSquare)('of χ² agree with scipy: %d, %d degrees of freedom', (x, degrees, expected) => {
    expect(difference(chiSquareExceedance(x!, degrees!), expected!)).toBeLessThan(1e-10);
  });

  it.each(normal)('of the normal distribution agree with scipy: %d', (z, expected) => {
    expect(difference(normalExceedance(z!), expected!)).toBeLessThan(1e-10);
  });

  it.each(kolmogorov)('of Kolmogorov’s distribution agree with scipy: %d', (lambda, expected) => {
    expect(Math.abs(kolmogorovExceedance(lambda!) - expected!)).toBeLessThan(1e-10);
  });

  it.each(kolmogorovSmirnovExact)('of a distance of %d between small samples of %d and %d agree with scipy’s exact ones', (distance, n, m, expected) => {
    expect(difference(kolmogorovSmirnovTest(distance!, n!, m!), expected!)).toBeLessThan(1e-10);
  });

  it('of distances between larger samples go on from there', () => {
    const exact = kolmogorovSmirnovTest(0.1, 316, 316);
    const limiting = kolmogorovSmirnovTest(0.1, 317, 317);
    expect(Math.abs(exact / limiting - 1)).toBeLessThan(0.1);
  });
});

describe('the test of two proportions', () => {
  it.each(twoProportions)('agrees with scipy: %d of %d, %d of %d', (a, of, b, ofB, expected) => {
    expect(difference(twoProportionTest({ count: a!, of: of! }, { count: b!, of: ofB! }), expected!)).toBeLessThan(1e-10);
  });

  it.each(fisher)('is scipy’s exact one where few are expected: %d of %d, %d of %d', (a, of, b, ofB, expected) => {
    expect(Math.abs(twoProportionTest({ count: a!, of: of! }, { count: b!, of: ofB! }) / expected! - 1)).toBeLessThan(1e-6);
  });

  it('says nothing of nothing', () => {
    expect(twoProportionTest({ count: 0, of: 0 }, { count: 3, of: 9 })).toBe(1);
    expect(twoProportionTest({ count: 0, of: 5 }, { count: 0, of: 9 })).toBe(1);
    expect(twoProportionTest({ count: 5, of: 5 }, { count: 9, of: 9 })).toBe(1);
  });
});

describe('the discoveries among many tests', () => {
  it.each([0.01, 0.05, 0.2, 0.9])('are those of scipy’s false_discovery_control at a rate of %d', (rate) => {
    const { pValues, adjusted } = reference.falseDiscovery;
    const threshold = discoveryThreshold(pValues, rate);
    expect(pValues.filter((p) => p <= threshold)).toHaveLength(adjusted.filter((p) => p <= rate).length);
  });
});
