import { measured, undefinedBecause, type Measured } from './measured.js';
import type { RankedScores } from './ranked-scores.js';

/**
 * Area under the ROC curve: the probability that a positive row scores higher than a negative one, a tie counting half
 * (Mann–Whitney U with midranks; Hanley and McNeil 1982). Undefined unless both classes occur.
 */
export function rocAuc({ positives, negatives }: RankedScores): Measured {
  if (positives.length === 0) return undefinedBecause('there are no positive rows');
  if (negatives.length === 0) return undefinedBecause('there are no negative rows');
  // Counts of pairs stay exact: at most 2^53 halves.
  let wins = 0;
  let below = 0;
  let notAbove = 0;
  for (const score of positives) {
    while (below < negatives.length && at(negatives, below) < score) below += 1;
    while (notAbove < negatives.length && at(negatives, notAbove) <= score) notAbove += 1;
    wins += (below + notAbove) / 2;
  }
  return measured(wins / (positives.length * negatives.length));
}

const at = (values: Float64Array, i: number) => values[i] ?? NaN;
