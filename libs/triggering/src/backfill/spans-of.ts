import { RefitError } from '@refit/contracts';
import type { Occurrences } from '../schedules/occurrences.js';

/** In milliseconds since 1970: [from, until). */
export interface TimeRange {
  readonly from: number;
  readonly until: number;
}

/** Most spans of one backfill: each is an event, and a run. */
export const maximumSpans = 200;

/**
 * Whole spans of one length, from the beginning of the range on; what is left over at its end belongs to none.
 *
 * @throws RefitError REQUEST_INVALID when there is none, or there are too many
 */
export function spansOfLength({ from, until }: TimeRange, length: number): readonly TimeRange[] {
  const count = Math.floor((until - from) / length);
  if (count < 1) throw new RefitError('REQUEST_INVALID', `there is no whole span of ${lengthText(length)} from ${day(from)} to ${day(until)}; ask for a longer range or shorter spans`);
  assertFew(count);
  return Array.from({ length: count }, (_, i) => ({ from: from + i * length, until: from + (i + 1) * length }));
}

/**
 * A span for each occurrence in (from, until], from the one before it on.
 *
 * @throws RefitError REQUEST_INVALID when there is none, or there are too many
 */
export function spansBetween({ from, until }: TimeRange, schedules: readonly Occurrences[]): readonly TimeRange[] {
  const times = new Set(schedules.flatMap((occurrences) => occurrences.between(from, until, maximumSpans + 1)));
  if (times.size === 0) throw new RefitError('REQUEST_INVALID', `no schedule of the pipeline comes due from ${day(from)} to ${day(until)}; ask for a longer range, or for spans of a length`);
  assertFew(times.size);
  const ends = [...times].toSorted((a, b) => a - b);
  return ends.map((end, i) => ({ from: ends[i - 1] ?? from, until: end }));
}

function assertFew(count: number): void {
  if (count > maximumSpans) throw new RefitError('REQUEST_INVALID', `these are ${count > 10_000 ? 'very many' : `${count} or more`} spans; a backfill has at most ${maximumSpans}: ask for longer spans or a shorter range`);
}

const day = (time: number) => new Date(time).toISOString().replace(/T00:00:00\.000Z$/, '');

/** `7d`, `12h`, `90m`: a length of time as pipeline files write it. */
export function lengthText(length: number): string {
  const [size, unit] = units.find(([ms]) => length % ms === 0) ?? [1, 'ms'];
  return `${length / size}${unit}`;
}

const units = [[86_400_000, 'd'], [3_600_000, 'h'], [60_000, 'm'], [1000, 's']] as const;
