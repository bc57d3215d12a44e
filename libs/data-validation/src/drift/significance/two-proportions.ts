import { normalExceedance } from './normal.js';

/** So many of so many. */
export interface Proportion {
  readonly count: number;
  readonly of: number;
}

/** With fewer expected on either side, the normal approximation of a proportion is not to be trusted. */
const fewestExpected = 5;

/**
 * Two-sided test that two proportions are the same: the pooled z test, and Fisher's exact test where a cell expects fewer
 * than five. 1 where a side has nothing.
 */
export function twoProportionTest(a: Proportion, b: Proportion): number {
  if (!(a.of > 0) || !(b.of > 0)) return 1;
  const share = (a.count + b.count) / (a.of + b.of);
  if (share === 0 || share === 1) return 1;
  if (Math.min(a.of, b.of) * Math.min(share, 1 - share) < fewestExpected) return fisherTest(a, b);
  const standardError = Math.sqrt(share * (1 - share) * (1 / a.of + 1 / b.of));
  return normalExceedance((a.count / a.of - b.count / b.of) / standardError);
}

/**
 * Fisher's exact test, two-sided: the probability, with the margins given, of every table that is no likelier than this
 * one. Tables are walked outwards from the likeliest until nothing is left that counts.
 */
function fisherTest(a: Proportion, b: Proportion): number {
  const total = a.count + b.count;
  const lowest = Math.max(0, total - b.of);
  const highest = Math.min(total, a.of);
  const mode = Math.min(highest, Math.max(lowest, Math.floor(((total + 1) * (a.of + 1)) / (a.of + b.of + 2))));
  // Relative to the mode's probability.
  const next = (k: number) => ((total - k) * (a.of - k)) / ((k + 1) * (b.of - total + k + 1));
  const weights = new Map([[mode, 1]]);
  for (let k = mode, weight = 1; k < highest && weight > negligible; k++) weights.set(k + 1, (weight *= next(k)));
  for (let k = mode, weight = 1; k > lowest && weight > negligible; k--) weights.set(k - 1, (weight /= next(k - 1)));
  const here = (weights.get(a.count) ?? 0) * (1 + 1e-7); // tables as likely as this one differ by rounding
  const all = [...weights.values()];
  return Math.min(sum(all.filter((weight) => weight <= here)) / sum(all), 1);
}

const negligible = 1e-40;

const sum = (numbers: readonly number[]) => numbers.reduce((total, x) => total + x, 0);
