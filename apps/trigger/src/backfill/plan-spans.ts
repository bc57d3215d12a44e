import { timestampMs } from '@bufbuild/protobuf/wkt';
import { RefitError, type BackfillRange, type PipelineSpec } from '@refit/contracts';
import { lengthText, Occurrences, scheduleKey, spansBetween, spansOfLength, type TimeRange } from '@refit/triggering';

export interface PlannedSpans {
  readonly range: TimeRange;
  readonly spans: readonly TimeRange[];
  /** What one span is, for people. */
  readonly step: string;
}

/** @throws RefitError REQUEST_INVALID, TIME_COLUMN_UNUSABLE */
export function planSpans(asked: BackfillRange, spec: PipelineSpec, now: number): PlannedSpans {
  if (!asked.from || !asked.until) throw new RefitError('REQUEST_INVALID', 'a backfill needs the beginning and the end of its range: from and until');
  const range = { from: timestampMs(asked.from), until: timestampMs(asked.until) };
  if (range.from >= range.until) throw new RefitError('REQUEST_INVALID', 'the range of a backfill must begin before it ends: from is not before until');
  if (range.until > now) throw new RefitError('REQUEST_INVALID', `a backfill is of the past, and its range ends in the future, at ${new Date(range.until).toISOString()}`);
  if (!spec.source?.timeColumn) {
    throw new RefitError('TIME_COLUMN_UNUSABLE', `which data there was at a past time is told by a time column, and pipeline ${spec.name} names none; name it under source.timeColumn`);
  }
  if (asked.bySchedule) return bySchedule(range, asked, spec);
  const length = asked.everyMs || windowLength(spec);
  if (!(length >= 1000)) throw new RefitError('REQUEST_INVALID', 'spans of less than a second are none');
  return { range, spans: spansOfLength(range, length), step: lengthText(length) };
}

function bySchedule(range: TimeRange, { everyMs }: BackfillRange, { name, triggers }: PipelineSpec): PlannedSpans {
  if (everyMs > 0) throw new RefitError('REQUEST_INVALID', 'spans are of one length or those of the schedules; the request asks for both');
  const schedules = triggers?.schedules ?? [];
  if (schedules.length === 0) throw new RefitError('REQUEST_INVALID', `pipeline ${name} has no schedule; ask for spans of a length instead`);
  return { range, spans: spansBetween(range, schedules.map((schedule) => new Occurrences(schedule))), step: schedules.map(scheduleKey).join(', ') };
}

function windowLength({ name, source }: PipelineSpec): number {
  const last = source?.window?.last;
  if (last?.case === 'durationMs') return last.value;
  throw new RefitError('REQUEST_INVALID', `the window of pipeline ${name} is no length of time, so say how long a span is, or that the spans are those of its schedules`);
}
