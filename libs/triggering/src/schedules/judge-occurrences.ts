import { create } from '@bufbuild/protobuf';
import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import {
  CatchUpPolicy, event, ReasonJudgedSchema, ReasonKind, ReasonSchema, SkipCause, Verdict, type Reason, type ReasonJudged, type TriggerEvent,
} from '@refit/contracts';
import { judgeReason } from '../judge-reason.js';
import { scheduleKey } from '../reasons.js';
import type { PipelineNow, TriggerView } from '../trigger-state.js';
import { dealtWithUntil, dueOccurrences, mostMadeUpFor, occurrenceId, scheduleSource, type DueOccurrences, type Scheduled } from './due-occurrences.js';

export interface SchedulesToJudge extends PipelineNow {
  readonly schedules: readonly Scheduled[];
  /** Milliseconds since 1970. */
  readonly now: number;
  /** Id of the run, should one start. */
  readonly newRunId: string;
}

/** An occurrence that is noticed within this time was not missed: a restart, a busy machine. */
const onTime = 5 * 60_000;

/**
 * Verdicts on what has come due since it was looked at last, however long ago that was: on the next occurrence that is a
 * reason of its own and, in one record, on those before it that passed unnoticed and are none. To be asked again until the
 * answer is nothing.
 */
export const judgeOccurrences = (input: SchedulesToJudge) => (state: TriggerView): readonly TriggerEvent[] => {
  const [next] = input.schedules
    .flatMap((scheduled) => dueOccurrences(scheduled, state, { pipeline: input.spec.name, now: input.now }) ?? [])
    .map((due) => ({ due, ...admission(input, due) }))
    .toSorted((a, b) => at(a) - at(b));
  if (!next) return [];
  const { due, from, cause, why } = next;
  const occurrence = due.known[from];
  return [
    ...(from > 0 ? [passedUnnoticed(input, due, from, cause, why)] : []),
    ...(occurrence === undefined ? [] : judgeReason({ ...input, reason: occurrenceReason(input, state, due, occurrence) })(state)),
  ];
};

interface Admission {
  /** Which of the known is the first that is a reason of its own; their number when none is. */
  readonly from: number;
  /** Of those before it. */
  readonly cause: SkipCause;
  readonly why: string;
}

const at = ({ due: { known }, from }: Admission & { readonly due: DueOccurrences }) => known[Math.min(from, known.length - 1)] ?? 0;

/** What the schedule makes up for. */
function admission({ paused, now }: SchedulesToJudge, { known, scheduled }: DueOccurrences): Admission {
  const newest = known.length - 1;
  const missed = (from: number, policy: string) => ({ from, cause: SkipCause.MISSED, why: `Nobody watched then, and the schedule makes up for ${policy}.` });
  if (paused && newest > 0) return { from: known.length, cause: SkipCause.PAUSED, why: 'The pipeline is paused.' };
  switch (scheduled.schedule.catchUp) {
    case CatchUpPolicy.ALL:
      return missed(Math.max(0, known.length - mostMadeUpFor), `the newest ${mostMadeUpFor}`);
    case CatchUpPolicy.NONE:
      return missed(now - (known[newest] ?? 0) > onTime ? known.length : newest, 'none');
    default:
      return missed(newest, 'the latest only');
  }
}

function passedUnnoticed(input: SchedulesToJudge, due: DueOccurrences, from: number, skipCause: SkipCause, why: string): ReasonJudged {
  const { schedule } = due.scheduled;
  const count = due.count - (due.known.length - from);
  const last = due.known[from - 1] ?? due.first;
  const [begin, end] = [due.first, last].map((time) => new Date(time).toISOString());
  const passed = count === 1 ? `An occurrence passed, at ${end}.` : `${due.isMore ? 'At least ' : ''}${count.toLocaleString('en-US')} occurrences passed, from ${begin} to ${end}.`;
  const reason = create(ReasonSchema, { ...reasonOf(due.scheduled, last), id: `cron:${input.spec.name}:${begin}/${end} ${schedule.cron}`.replaceAll(' ', '_'), schedules: [scheduleKey(schedule)] });
  return event(ReasonJudgedSchema, { reason, verdict: Verdict.SKIPPED, skipCause, why: `${passed} ${why}` });
}

/** One id wherever and however often the occurrence is noticed, and whichever schedules it belongs to. */
function occurrenceReason({ spec, schedules, now }: SchedulesToJudge, state: TriggerView, due: DueOccurrences, occurrence: number): Reason {
  const others = schedules.filter((other) => other !== due.scheduled && other.occurrences.next(dealtWithUntil(other, state, now)) === occurrence);
  const keys = [due.scheduled, ...others].map(({ schedule }) => scheduleKey(schedule));
  return create(ReasonSchema, { ...reasonOf(due.scheduled, occurrence), id: occurrenceId(spec.name, occurrence), schedules: [...new Set(keys)] });
}

const reasonOf = ({ schedule: { cron, timeZone } }: Scheduled, time: number) => ({
  kind: ReasonKind.SCHEDULE, source: scheduleSource, summary: `schedule ${cron} (${timeZone || 'UTC'})`, occurredAt: timestampFromMs(time),
});

/** The next occurrence of any of them after a time, in milliseconds since 1970. */
export function nextOccurrence(schedules: readonly Scheduled[], after: number): number | undefined {
  const upcoming = schedules.flatMap(({ occurrences }) => occurrences.next(after) ?? []);
  return upcoming.length === 0 ? undefined : Math.min(...upcoming);
}
