import { measured, type Measured } from './measured.js';
import type { BinaryPredictions, MulticlassPredictions } from './predictions.js';

/** Probabilities are held this far from 0 and 1, so that one certain mistake costs 36 nats and not everything. */
const clip = (p: number) => Math.min(Math.max(p, Number.EPSILON), 1 - Number.EPSILON);

/** Mean negative log-likelihood of the labels, in nats. */
export function binaryLogLoss({ labels, probabilities }: BinaryPredictions): Measured {
  let sum = 0;
  for (let row = 0; row < labels.length; row += 1) {
    const p = probabilities[row] ?? NaN;
    sum -= Math.log(clip(labels[row] === 1 ? p : 1 - p));
  }
  return measured(sum / labels.length);
}

/** Mean negative log of the probability given to the label's class, in nats. */
export function multiclassLogLoss({ classes, labels, probabilities }: MulticlassPredictions): Measured {
  let sum = 0;
  for (let row = 0; row < labels.length; row += 1) {
    sum -= Math.log(clip(probabilities[row * classes.length + (labels[row] ?? NaN)] ?? NaN));
  }
  return measured(sum / labels.length);
}
