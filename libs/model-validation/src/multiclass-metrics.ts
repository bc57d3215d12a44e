import { multiclassLogLoss } from './log-loss.js';
import { measured, undefinedBecause, type Measured } from './measured.js';
import type { MulticlassPredictions } from './predictions.js';
import { rankScores } from './ranked-scores.js';
import { rocAuc } from './roc-auc.js';

export function multiclassMetrics(predictions: MulticlassPredictions): Readonly<Record<string, Measured>> {
  const predicted = mostProbableClasses(predictions);
  return {
    rocAuc: macroRocAuc(predictions),
    logLoss: multiclassLogLoss(predictions),
    accuracy: accuracy(predictions, predicted),
    macroF1: macroF1(predictions, predicted),
  };
}

/** Per row the class of the highest probability; the first of equals. */
function mostProbableClasses({ classes, labels, probabilities }: MulticlassPredictions): Int32Array {
  const predicted = new Int32Array(labels.length);
  for (let row = 0; row < labels.length; row += 1) {
    const start = row * classes.length;
    let best = 0;
    for (let k = 1; k < classes.length; k += 1) {
      if ((probabilities[start + k] ?? NaN) > (probabilities[start + best] ?? NaN)) best = k;
    }
    predicted[row] = best;
  }
  return predicted;
}

function accuracy({ labels }: MulticlassPredictions, predicted: Int32Array): Measured {
  let right = 0;
  for (let row = 0; row < labels.length; row += 1) if (labels[row] === predicted[row]) right += 1;
  return measured(right / labels.length);
}

/** Unweighted mean of the F1 of each class that occurs among the labels or the predictions. */
function macroF1({ classes, labels }: MulticlassPredictions, predicted: Int32Array): Measured {
  const right = new Float64Array(classes.length);
  const named = new Float64Array(classes.length); // labelled so, plus predicted so: 2TP + FP + FN
  for (let row = 0; row < labels.length; row += 1) {
    const label = labels[row] ?? 0;
    const guess = predicted[row] ?? 0;
    if (label === guess) right[label] = (right[label] ?? 0) + 1;
    named[label] = (named[label] ?? 0) + 1;
    named[guess] = (named[guess] ?? 0) + 1;
  }
  let sum = 0;
  let occurring = 0;
  for (let k = 0; k < classes.length; k += 1) {
    const occurrences = named[k] ?? 0;
    if (occurrences === 0) continue;
    occurring += 1;
    sum += (2 * (right[k] ?? 0)) / occurrences;
  }
  return measured(sum / occurring);
}

/** Unweighted mean over the classes of the ROC AUC of that class against the rest; undefined when one does not occur. */
function macroRocAuc({ classes, labels, probabilities }: MulticlassPredictions): Measured {
  let sum = 0;
  for (const [k, name] of classes.entries()) {
    const ranked = rankScores((row) => labels[row] === k, (row) => probabilities[row * classes.length + k] ?? NaN, labels.length);
    const area = rocAuc(ranked);
    if ('undefinedBecause' in area) return undefinedBecause(`of class ${name} against the rest ${area.undefinedBecause}`);
    sum += area.value;
  }
  return measured(sum / classes.length);
}
