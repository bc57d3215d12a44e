import { measured, undefinedBecause, type Measured } from './measured.js';
import type { RankedScores } from './ranked-scores.js';

/**
 * Area under the precision–recall curve as average precision: the sum over thresholds of precision × gain in recall,
 * without interpolation, which would flatter (Davis and Goadrich 2006). Rows of equal score enter together.
 * Undefined without positive rows.
 */
export function averagePrecision({ positives, negatives }: RankedScores): Measured {
  if (positives.length === 0) return undefinedBecause('there are no positive rows');
  let sum = 0;
  let p = positives.length - 1;
  let n = negatives.length - 1;
  while (p >= 0) {
    const threshold = positives[p] ?? NaN;
    const taken = p;
    while (p >= 0 && positives[p] === threshold) p -= 1;
    while (n >= 0 && (negatives[n] ?? NaN) >= threshold) n -= 1;
    const truePositives = positives.length - 1 - p;
    const falsePositives = negatives.length - 1 - n;
    sum += (taken - p) * (truePositives / (truePositives + falsePositives));
  }
  return measured(sum / positives.length);
}
