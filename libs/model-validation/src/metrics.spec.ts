import { Task } from '@refit/contracts';
import { describe, expect, it } from 'vitest';
import references from './metrics.reference.json' with { type: 'json' };
import { measure, type MetricOfSlice } from './measure.js';
import type { Predictions } from './predictions.js';

// References were made by metrics.reference.py beside this file, with scikit-learn; null where the metric is undefined.
describe('binary metrics equal scikit-learn’s', () => {
  it.each(references.binary)('$name', ({ labels, probabilities, threshold, metrics }) => {
    expect(differences(measure(binary(labels, probabilities), threshold), metrics)).toEqual([]);
  });
});

describe('multi-class metrics equal scikit-learn’s', () => {
  it.each(references.multiclass)('$name', ({ classes, labels, probabilities, metrics }) => {
    const predictions: Predictions = { task: Task.MULTICLASS, classes, labels: Float64Array.from(labels), probabilities: Float64Array.from(probabilities) };
    expect(differences(measure(predictions, 0.5), metrics)).toEqual([]);
  });
});

describe('regression metrics equal scikit-learn’s', () => {
  it.each(references.regression)('$name', ({ labels, predictions, metrics }) => {
    expect(differences(measure(regression(labels, predictions), 0.5), metrics)).toEqual([]);
  });
});

describe('what can not be measured says why', () => {
  it('a ranking of one class', () => {
    expect(reason(measure(binary([1, 1], [0.2, 0.7]), 0.5), 'rocAuc')).toBe('there are no negative rows');
    expect(reason(measure(binary([0, 0], [0.2, 0.7]), 0.5), 'prAuc')).toBe('there are no positive rows');
  });

  it('the precision of a model that predicts nothing positive', () => {
    expect(reason(measure(binary([1, 0], [0.2, 0.3]), 0.5), 'precision')).toBe('no row was predicted positive');
  });

  it('a class that the test rows never show', () => {
    const predictions: Predictions = {
      task: Task.MULTICLASS, classes: ['red', 'green'], labels: Float64Array.of(0, 0), probabilities: Float64Array.of(0.5, 0.5, 0.9, 0.1),
    };
    expect(reason(measure(predictions, 0.5), 'rocAuc')).toBe('of class red against the rest there are no negative rows');
  });

  it.each([
    ['no rows', binary([], []), 'there are no rows'],
    ['a prediction that is not a number', binary([0, 1], [0.5, NaN]), '1 predictions are not probabilities'],
    ['a probability above one', binary([0, 1], [0.5, 1.5]), '1 predictions are not probabilities'],
    ['a label that is missing', binary([0, NaN], [0.5, 0.5]), '1 of 2 labels are not usable'],
    ['a label that is no class', binary([0, 2], [0.5, 0.5]), '1 of 2 labels are not usable'],
    ['fewer outputs than rows', binary([0, 1], [0.5]), 'there are 1 outputs for 2 rows'],
    ['infinite predictions', regression([1, 2], [1, Infinity]), '1 predictions are not finite numbers'],
  ])('%s', (_, predictions, why) => {
    const metrics = measure(predictions, 0.5);
    expect(metrics.length).toBeGreaterThan(4);
    for (const metric of metrics) expect(metric).toMatchObject({ undefinedBecause: why });
  });

  it('an error that overflows', () => {
    const metrics = measure(regression([1e200, -1e200], [-1e200, 1e200]), 0.5);
    expect(reason(metrics, 'rmse')).toBe('the result is Infinity');
    expect(metrics.every((m) => m.value === undefined || Number.isFinite(m.value))).toBe(true);
  });
});

const binary = (labels: number[], probabilities: number[]): Predictions => ({
  task: Task.BINARY, labels: Float64Array.from(labels), probabilities: Float64Array.from(probabilities),
});
const regression = (labels: number[], predictions: number[]): Predictions => ({
  task: Task.REGRESSION, labels: Float64Array.from(labels), predictions: Float64Array.from(predictions),
});
const reason = (metrics: readonly MetricOfSlice[], name: string) => metrics.find((m) => m.name === name)?.undefinedBecause;

/** What is not as the reference says, to twelve digits: `name: ours, theirs`. */
function differences(metrics: readonly MetricOfSlice[], expected: Readonly<Record<string, number | null>>): string[] {
  const ours = new Map(metrics.map((m) => [m.name, m.value ?? null]));
  return [...new Set([...ours.keys(), ...Object.keys(expected)])].flatMap((name) => {
    const [value, reference] = [ours.get(name), expected[name]];
    const equal = typeof value === 'number' && typeof reference === 'number'
      ? Math.abs(value - reference) <= 1e-12 * Math.max(1, Math.abs(reference))
      : value === reference;
    return equal ? [] : [`${name}: ${value}, scikit-learn ${reference}`];
  });
}
