import type { TaskName } from '@refit/transforms';

/**
 * What a model minimises: the mean loss of raw scores. Scores are by output: that of output k for row i is
 * `scores[k * rows + i]`; one output for binary and regression, one per class for multiclass.
 */
export interface Objective {
  readonly outputs: number;
  /** The best constant scores, one per output: log-odds, log class frequencies, or the mean. */
  constants(target: Float64Array): Float64Array;
  /** First and second derivative of each row's loss with respect to each score; overwrites both arrays. */
  derivatives(scores: Float64Array, target: Float64Array, gradient: Float64Array, hessian: Float64Array): void;
  /** Mean over the rows: log loss (natural logarithm), or half the squared error. */
  loss(scores: Float64Array, target: Float64Array): number;
  /** Binary: probability of the positive class; multiclass: rows × classes, by row; regression: the value. */
  predictions(scores: Float64Array): Float64Array;
}

export function objectiveOf(task: TaskName, classes: number): Objective {
  switch (task) {
    case 'binary':
      return binaryLogLoss;
    case 'multiclass':
      return multinomialLogLoss(classes);
    case 'regression':
      return squaredError;
  }
}

/** Keeps the constants finite when a class has no training rows. */
const SMALLEST_FREQUENCY = 1e-6;

const sigmoid = (score: number) => 1 / (1 + Math.exp(-score));

/** log(1 + e^x) without overflow. */
const softplus = (x: number) => Math.max(x, 0) + Math.log(1 + Math.exp(-Math.abs(x)));

const binaryLogLoss: Objective = {
  outputs: 1,
  constants(target) {
    const frequency = Math.min(1 - SMALLEST_FREQUENCY, Math.max(SMALLEST_FREQUENCY, mean(target)));
    return Float64Array.of(Math.log(frequency / (1 - frequency)));
  },
  derivatives(scores, target, gradient, hessian) {
    for (let i = 0; i < target.length; i++) {
      const probability = sigmoid(scores[i]);
      gradient[i] = probability - target[i];
      hessian[i] = probability * (1 - probability);
    }
  },
  loss(scores, target) {
    let sum = 0;
    for (let i = 0; i < target.length; i++) sum += softplus(scores[i]) - target[i] * scores[i];
    return sum / target.length;
  },
  predictions: (scores) => scores.map(sigmoid),
};

const squaredError: Objective = {
  outputs: 1,
  constants: (target) => Float64Array.of(mean(target)),
  derivatives(scores, target, gradient, hessian) {
    for (let i = 0; i < target.length; i++) {
      gradient[i] = scores[i] - target[i];
      hessian[i] = 1;
    }
  },
  loss(scores, target) {
    let sum = 0;
    for (let i = 0; i < target.length; i++) sum += (scores[i] - target[i]) ** 2;
    return sum / (2 * target.length);
  },
  predictions: (scores) => scores,
};

function multinomialLogLoss(classes: number): Objective {
  const probabilities = new Float64Array(classes);
  return {
    outputs: classes,
    constants(target) {
      const counts = new Float64Array(classes);
      for (const index of target) counts[index] += 1;
      return counts.map((count) => Math.log(Math.max(SMALLEST_FREQUENCY, count / target.length)));
    },
    derivatives(scores, target, gradient, hessian) {
      const rows = target.length;
      for (let i = 0; i < rows; i++) {
        softmax(scores, rows, i, probabilities);
        for (let k = 0; k < classes; k++) {
          gradient[k * rows + i] = probabilities[k] - Number(target[i] === k);
          hessian[k * rows + i] = probabilities[k] * (1 - probabilities[k]);
        }
      }
    },
    loss(scores, target) {
      const rows = target.length;
      let sum = 0;
      for (let i = 0; i < rows; i++) sum += logSumExp(scores, rows, i, classes) - scores[target[i] * rows + i];
      return sum / rows;
    },
    predictions(scores) {
      const rows = scores.length / classes;
      const out = new Float64Array(scores.length);
      for (let i = 0; i < rows; i++) softmax(scores, rows, i, out.subarray(i * classes, (i + 1) * classes));
      return out;
    },
  };
}

function softmax(scores: Float64Array, rows: number, row: number, out: Float64Array): void {
  const normalizer = logSumExp(scores, rows, row, out.length);
  for (let k = 0; k < out.length; k++) out[k] = Math.exp(scores[k * rows + row] - normalizer);
}

function logSumExp(scores: Float64Array, rows: number, row: number, classes: number): number {
  let largest = -Infinity;
  for (let k = 0; k < classes; k++) largest = Math.max(largest, scores[k * rows + row]);
  let sum = 0;
  for (let k = 0; k < classes; k++) sum += Math.exp(scores[k * rows + row] - largest);
  return largest + Math.log(sum);
}

function mean(values: Float64Array): number {
  let sum = 0;
  for (const value of values) sum += value;
  return sum / values.length;
}
