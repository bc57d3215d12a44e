import type { TaskName } from '@refit/transforms';
import { describe, expect, it } from 'vitest';
import { objectiveOf } from './objective.js';

const STEP = 1e-5;
const cases: [TaskName, number, number[]][] = [
  ['binary', 1, [0, 1, 1, 0]],
  ['multiclass', 3, [0, 2, 1, 1]],
  ['regression', 1, [-1.5, 0, 3, 0.25]],
];

describe.each(cases)('the %s objective', (task, outputs, labels) => {
  const objective = objectiveOf(task, outputs);
  const target = Float64Array.from(labels);
  const scores = Float64Array.from({ length: outputs * labels.length }, (_, i) => Math.sin(3 * i) * 2);
  const derivativesAt = (at: Float64Array) => {
    const gradient = new Float64Array(at.length);
    const hessian = new Float64Array(at.length);
    objective.derivatives(at, target, gradient, hessian);
    return { gradient, hessian };
  };
  const moved = (i: number, by: number) => scores.map((score, j) => (j === i ? score + by : score));

  it('has the gradient of its loss, by central differences', () => {
    const { gradient } = derivativesAt(scores);
    for (let i = 0; i < scores.length; i++) {
      // The loss is the mean over rows, a gradient that of a single row.
      const slope = ((objective.loss(moved(i, STEP), target) - objective.loss(moved(i, -STEP), target)) / (2 * STEP)) * labels.length;
      expect(gradient[i]).toBeCloseTo(slope, 7);
    }
  });

  it('has the second derivative of its loss, by central differences of the gradient', () => {
    const { hessian } = derivativesAt(scores);
    for (let i = 0; i < scores.length; i++) {
      expect(hessian[i]).toBeCloseTo((derivativesAt(moved(i, STEP)).gradient[i] - derivativesAt(moved(i, -STEP)).gradient[i]) / (2 * STEP), 7);
    }
  });

  it('has no better constant scores than its own', () => {
    const loss = (by: number) => {
      const at = new Float64Array(scores.length);
      objective.constants(target).forEach((constant, k) => at.fill(constant + (k === 0 ? by : 0), k * labels.length, (k + 1) * labels.length));
      return objective.loss(at, target);
    };
    expect(loss(0)).toBeLessThan(loss(0.01));
    expect(loss(0)).toBeLessThan(loss(-0.01));
  });
});

it('keeps log loss finite at extreme scores', () => {
  expect(objectiveOf('binary', 2).loss(Float64Array.of(800, -800), Float64Array.of(0, 1))).toBe(800);
  expect(objectiveOf('multiclass', 2).loss(Float64Array.of(800, 0), Float64Array.of(1))).toBe(800);
});

it('answers class probabilities by row', () => {
  // Scores ln 1 and ln 3 for both rows, the other way round in the second.
  const probabilities = objectiveOf('multiclass', 2).predictions(Float64Array.of(0, Math.log(3), Math.log(3), 0));
  [0.25, 0.75, 0.75, 0.25].forEach((expected, i) => expect(probabilities[i]).toBeCloseTo(expected, 12));
});
