import { ExpectationVerdict, type RowCountHistory } from '@refit/contracts';
import { rowCount } from '../wording.js';
import { decimalOf } from './decimal.js';
import type { Said } from './judge-expectation.js';

/** A median of fewer says little; where a pipeline asks for a history of one or two batches, that is enough. */
const fewestBatches = 3;

/**
 * Whether a batch has as many rows as batches usually have: between two shares of the median of the last ones that were
 * accepted, both included. With too little history that cannot be known yet, which is said and stops nothing: else no
 * pipeline could begin.
 *
 * @param accepted rows of each accepted batch, oldest first
 */
export function judgeRowCount({ batches, atLeast, atMost }: RowCountHistory, { rows, accepted }: { readonly rows: number; readonly accepted: readonly number[] }): Said {
  const last = accepted.slice(-batches);
  const needed = Math.min(fewestBatches, batches);
  if (last.length < needed) {
    return { verdict: ExpectationVerdict.NOT_YET, message: `only ${last.length} of ${needed} accepted batches that are needed to know how many rows are usual` };
  }
  const twice = twiceMedian(last);
  const [low, high] = [bound(atLeast, twice), bound(atMost, twice)];
  const isWithin = 2n * BigInt(rows) * low.over >= low.units && 2n * BigInt(rows) * high.over <= high.units;
  const usual = `the median of the last ${last.length} accepted batches is ${(twice / 2).toLocaleString('en-US')}, expected ${atLeast} to ${atMost} times that`;
  return { verdict: isWithin ? ExpectationVerdict.KEPT : ExpectationVerdict.BROKEN, message: `${rowCount(rows)}; ${usual}` };
}

/** Twice the median is whole, as the median may lie between two counts. */
function twiceMedian(counts: readonly number[]): number {
  const sorted = counts.toSorted((a, b) => a - b);
  const middle = (sorted.length - 1) / 2;
  return (sorted[Math.floor(middle)] ?? 0) + (sorted[Math.ceil(middle)] ?? 0);
}

function bound(share: number, twice: number) {
  const { units, over } = decimalOf(share);
  return { units: units * BigInt(twice), over };
}
