import { Cron } from 'croner';
import type { Schedule } from '@refit/contracts';
import { WallClock } from './wall-clock.js';

/**
 * When a schedule comes due, in milliseconds since 1970; to the second.
 *
 * Where the clock is put forward, a time that it leaves out counts later by the change. Where it is put back, a schedule at
 * hours of its own (`30 2 * * *`) comes in the first of the two equal hours, and one of every hour (`*` or `*\/2` in the
 * field of hours) in both. These are the rules of Vixie's cron, but for where exactly a time that is left out comes to lie:
 * that is RFC 5545's.
 */
export class Occurrences {
  readonly #wallTimes: Cron;
  readonly #clock: WallClock;
  readonly #everyHour: boolean;

  /** @throws Error for a pattern or a time zone that does not exist */
  constructor({ cron, timeZone }: Pick<Schedule, 'cron' | 'timeZone'>) {
    this.#wallTimes = new Cron(cron, { utcOffset: 0, paused: true });
    this.#clock = new WallClock(timeZone || 'UTC');
    this.#everyHour = isOfEveryHour(cron);
  }

  /** The first one after a time. */
  next(after: number): number | undefined {
    const wall = after + this.#clock.offsetAt(after) - this.#clock.changeAround(after);
    let first: number | undefined;
    let horizon = Number.POSITIVE_INFINITY;
    for (let w = this.#nextWall(wall); w !== undefined && w <= horizon; w = this.#nextWall(w)) {
      const later = this.#at(w).find((instant) => instant > after);
      if (later === undefined) continue;
      // Where the clock is changed, a later time on the wall may come earlier.
      horizon = Math.min(horizon, w + this.#clock.changeAround(later));
      first = Math.min(later, first ?? later);
    }
    return first;
  }

  /** The first ones in (after, until], at most so many. */
  between(after: number, until: number, limit: number): readonly number[] {
    const found: number[] = [];
    for (let at = this.next(after); at !== undefined && at <= until && found.length < limit; at = this.next(at)) found.push(at);
    return found;
  }

  /** The last ones in (after, until], at most so many; oldest first. */
  newest(after: number, until: number, limit: number): readonly number[] {
    for (let span = 1000; ; span *= 2) {
      const from = Math.max(after, until - span);
      const found = this.between(from, until, 2 * limit + 2);
      if (found.length >= 2 * limit + 2) return this.between(found[limit] ?? from, until, Number.POSITIVE_INFINITY).slice(-limit);
      if (found.length >= limit || from === after) return found.slice(-limit);
    }
  }

  #at(wall: number): readonly number[] {
    const shown = this.#clock.instantsOf(wall);
    return shown.length === 0 ? [this.#clock.insteadOf(wall)] : this.#everyHour ? shown : shown.slice(0, 1);
  }

  #nextWall(wall: number): number | undefined {
    return this.#wallTimes.nextRun(new Date(wall))?.getTime();
  }
}

/** The field of hours is the last but three of five or six, the third of seven. */
function isOfEveryHour(cron: string): boolean {
  const fields = cron.trim().split(/\s+/);
  if (fields.length === 1) return fields[0]?.toLowerCase() === '@hourly';
  return /^[*?]/.test(fields[fields.length === 5 ? 1 : 2] ?? '');
}
