import { describe, expect, it } from 'vitest';
import reference from '../scikit-learn.reference.json' with { type: 'json' };
import { referenceRows, trainingData } from '../testing/reference-data.js';
import { logisticRegression } from './logistic-regression.js';
import { ridgeRegression } from './ridge-regression.js';

const { features, binary, three, number } = referenceRows(600, 1);
const options = { progress: () => undefined };

/** ‖found − expected‖ / ‖expected‖ */
function relativeError(found: readonly number[], expected: readonly number[]): number {
  expect(found).toHaveLength(expected.length);
  return Math.hypot(...expected.map((value, i) => found[i] - value)) / Math.hypot(...expected);
}

describe('logistic regression', () => {
  it('has the coefficients of scikit-learn with C = 1 / l2', () => {
    const { model, converged } = logisticRegression(trainingData('binary', { features, target: binary }), { l2: 2.5, maximumIterations: 200 }, options);
    expect(converged).toBe(true);
    expect(relativeError(model.coefficients[0], reference.logistic.coefficients)).toBeLessThan(1e-4);
    expect(relativeError(model.intercepts, [reference.logistic.intercept])).toBeLessThan(1e-4);
  });

  it('has the coefficients of scikit-learn for three classes', () => {
    const { model } = logisticRegression(trainingData('multiclass', { features, target: three }), { l2: 0.7, maximumIterations: 500 }, options);
    expect(relativeError(model.coefficients.flat(), reference.multinomial.coefficients.flat())).toBeLessThan(1e-4);
    expect(relativeError(model.intercepts, reference.multinomial.intercepts)).toBeLessThan(1e-4);
  });

  it('ends at the iterations it may take, and says so', () => {
    const { iterations, converged } = logisticRegression(trainingData('binary', { features, target: binary }), { l2: 2.5, maximumIterations: 3 }, options);
    expect({ iterations, converged }).toEqual({ iterations: 3, converged: false });
  });
});

describe('ridge regression', () => {
  it('has the coefficients of scikit-learn with alpha = l2', () => {
    const { model } = ridgeRegression({ features, target: number }, 3);
    expect(relativeError(model.coefficients[0], reference.ridge.coefficients)).toBeLessThan(1e-9);
    expect(relativeError(model.intercepts, [reference.ridge.intercept])).toBeLessThan(1e-9);
  });

  it('recovers a line exactly without penalty, also when a column is there twice', () => {
    const x = Float32Array.of(1, 2, 3, 4);
    const { model } = ridgeRegression({ features: { rows: 4, width: 2, values: Float32Array.of(...x, ...x) }, target: Float64Array.from(x, (v) => 5 - 2 * v) }, 0);
    expect(model.coefficients[0][0] + model.coefficients[0][1]).toBeCloseTo(-2, 9);
    expect(model.intercepts[0]).toBeCloseTo(5, 9);
  });
});
