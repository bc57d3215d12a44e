import { averagePrecision } from './average-precision.js';
import { accuracy, balancedAccuracy, confusionAt, f1, precision, recall, specificity } from './confusion.js';
import { binaryLogLoss } from './log-loss.js';
import { measured, type Measured } from './measured.js';
import type { BinaryPredictions } from './predictions.js';
import { rankScores } from './ranked-scores.js';
import { rocAuc } from './roc-auc.js';

/** @param threshold probability at and above which a row is predicted positive */
export function binaryMetrics(predictions: BinaryPredictions, threshold: number): Readonly<Record<string, Measured>> {
  const { labels, probabilities } = predictions;
  const ranked = rankScores((row) => labels[row] === 1, (row) => probabilities[row] ?? NaN, labels.length);
  const confusion = confusionAt(threshold, predictions);
  return {
    rocAuc: rocAuc(ranked),
    prAuc: averagePrecision(ranked),
    logLoss: binaryLogLoss(predictions),
    brier: brierScore(predictions),
    accuracy: accuracy(confusion),
    precision: precision(confusion),
    recall: recall(confusion),
    f1: f1(confusion),
    specificity: specificity(confusion),
    balancedAccuracy: balancedAccuracy(confusion),
  };
}

/** Mean squared difference of probability and outcome (Brier 1950, of the positive class alone: 0 to 1). */
function brierScore({ labels, probabilities }: BinaryPredictions): Measured {
  let sum = 0;
  for (let row = 0; row < labels.length; row += 1) sum += ((probabilities[row] ?? NaN) - (labels[row] ?? NaN)) ** 2;
  return measured(sum / labels.length);
}
