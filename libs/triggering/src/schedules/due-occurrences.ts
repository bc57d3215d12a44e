import type { Schedule } from '@refit/contracts';
import { reasonKey, scheduleKey } from '../reasons.js';
import type { TriggerView } from '../trigger-state.js';
import type { Occurrences } from './occurrences.js';

/** A schedule of a pipeline. */
export interface Scheduled {
  readonly schedule: Schedule;
  readonly occurrences: Occurrences;
  /** Since when the pipeline has it, in milliseconds since 1970. */
  readonly since: number;
}

/** Occurrences of a schedule that have come due and that nobody has dealt with; at least one. Milliseconds since 1970. */
export interface DueOccurrences {
  readonly scheduled: Scheduled;
  readonly first: number;
  /** Oldest first. All of them, or the newest `mostMadeUpFor` and one more. */
  readonly known: readonly number[];
  /** How many there are; with `isMore`, at least so many. */
  readonly count: number;
  readonly isMore: boolean;
}

/** So many occurrences that were missed may each become a reason to run. */
export const mostMadeUpFor = 100;
/** So many that were missed are counted. */
const mostCounted = 1000;
/** A clock that was further ahead than this when an occurrence was recorded was wrong: the last hour is looked at instead. */
const clockSkew = 3_600_000;

export const occurrenceId = (pipeline: string, at: number) => `cron:${pipeline}:${new Date(at).toISOString()}`;
export const scheduleSource = '/refit/schedules';

/** Until when its occurrences are dealt with. */
export function dealtWithUntil({ schedule, since }: Scheduled, { scheduled }: TriggerView, now: number): number {
  const until = scheduled.get(scheduleKey(schedule)) ?? since;
  return Math.max(since, until > now + clockSkew ? now - clockSkew : until);
}

export function dueOccurrences(scheduled: Scheduled, state: TriggerView, { pipeline, now }: { readonly pipeline: string; readonly now: number }): DueOccurrences | undefined {
  const after = dealtWithUntil(scheduled, state, now);
  const counted = scheduled.occurrences.between(after, now, mostCounted + 1);
  const isMore = counted.length > mostCounted;
  // Another schedule may have come at the same time: one occurrence is one reason.
  const isNew = (at: number) => !state.handled.has(reasonKey({ source: scheduleSource, id: occurrenceId(pipeline, at) }));
  const all = isMore ? scheduled.occurrences.newest(after, now, mostMadeUpFor + 1) : counted;
  const newest = all.at(-1);
  if (newest === undefined || !isNew(newest)) return undefined;
  const known = all.filter(isNew);
  return { scheduled, first: counted[0] ?? newest, known, count: isMore ? counted.length : known.length, isMore };
}
