import { measured, undefinedBecause, type Measured } from './measured.js';
import type { BinaryPredictions } from './predictions.js';

/** Counts of rows by label and by prediction. */
export interface Confusion {
  readonly truePositives: number;
  readonly falsePositives: number;
  readonly trueNegatives: number;
  readonly falseNegatives: number;
}

/** A row is predicted positive at and above the threshold. */
export function confusionAt(threshold: number, { labels, probabilities }: BinaryPredictions): Confusion {
  let truePositives = 0;
  let falsePositives = 0;
  let positives = 0;
  for (let row = 0; row < labels.length; row += 1) {
    const positive = labels[row] === 1;
    if (positive) positives += 1;
    if ((probabilities[row] ?? NaN) < threshold) continue;
    if (positive) truePositives += 1;
    else falsePositives += 1;
  }
  const falseNegatives = positives - truePositives;
  return { truePositives, falsePositives, falseNegatives, trueNegatives: labels.length - positives - falsePositives };
}

export const accuracy = (c: Confusion): Measured =>
  ratio(c.truePositives + c.trueNegatives, c.truePositives + c.trueNegatives + c.falsePositives + c.falseNegatives, 'there are no rows');

/** Share of the rows predicted positive that are positive. */
export const precision = (c: Confusion): Measured =>
  ratio(c.truePositives, c.truePositives + c.falsePositives, 'no row was predicted positive');

/** Share of the positive rows that were found (sensitivity, true positive rate). */
export const recall = (c: Confusion): Measured => ratio(c.truePositives, c.truePositives + c.falseNegatives, 'there are no positive rows');

/** Share of the negative rows that were left alone (true negative rate). */
export const specificity = (c: Confusion): Measured =>
  ratio(c.trueNegatives, c.trueNegatives + c.falsePositives, 'there are no negative rows');

/** Harmonic mean of precision and recall, 2TP / (2TP + FP + FN). */
export const f1 = (c: Confusion): Measured =>
  ratio(2 * c.truePositives, 2 * c.truePositives + c.falsePositives + c.falseNegatives, 'no row is positive or predicted positive');

/** Mean of recall and specificity. */
export function balancedAccuracy(c: Confusion): Measured {
  const sensitivity = recall(c);
  const selectivity = specificity(c);
  if (!('value' in sensitivity)) return sensitivity;
  if (!('value' in selectivity)) return selectivity;
  return measured((sensitivity.value + selectivity.value) / 2);
}

const ratio = (part: number, whole: number, whyNot: string): Measured => (whole === 0 ? undefinedBecause(whyNot) : measured(part / whole));
