import { FindingSeverity } from '@refit/contracts';
import { twoProportionTest } from '../drift/significance/two-proportions.js';

/** Some of a number of rows. */
export interface Share {
  readonly count: number;
  readonly of: number;
}

export const shareOf = ({ count, of }: Share): number => (of > 0 ? count / of : 0);

/** How often chance alone may make a difference that counts: as a rise it then does half as often. */
const significance = 0.005;

/** Whether two shares differ by more than chance. */
export const differs = (now: Share, before: Share): boolean => twoProportionTest(now, before) <= significance;

/** Whether a share is larger than the reference's by more than chance. */
export const hasRisen = (now: Share, before: Share): boolean => shareOf(now) > shareOf(before) && differs(now, before);

/**
 * Of what is wrong with some of the rows: INFO where the reference has as many of them, WARNING where it has fewer, or
 * there is none to tell, FAILURE where the rise is more than is allowed.
 */
export function severityOfRise(now: Share, before: Share | undefined, allowed: number): FindingSeverity {
  if (!before) return FindingSeverity.WARNING;
  if (!hasRisen(now, before)) return FindingSeverity.INFO;
  return shareOf(now) - shareOf(before) > allowed ? FindingSeverity.FAILURE : FindingSeverity.WARNING;
}
