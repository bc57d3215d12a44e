import { Cron } from 'croner';
import type { Schedule } from '@refit/contracts';

/** Times of a schedule, in milliseconds since 1970; daylight saving is the time zone's. */
export interface Occurrences {
  /** The first one after a time. */
  next(after: number): number | undefined;
  /** The last one at or before a time. */
  last(until: number): number | undefined;
}

/** @throws Error for a pattern or a time zone that does not exist */
export function occurrencesOf({ cron, timeZone }: Pick<Schedule, 'cron' | 'timeZone'>): Occurrences {
  const pattern = new Cron(cron, { timezone: timeZone === '' ? 'UTC' : timeZone, paused: true });
  return {
    next: (after) => pattern.nextRun(new Date(after))?.getTime(),
    last: (until) => pattern.previousRuns(1, new Date(until + 1000))[0]?.getTime(),
  };
}
