import { create } from '@bufbuild/protobuf';
import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import { ReasonKind, ReasonSchema, SkipCause, Verdict, type Reason } from '@refit/contracts';
import { reasonKey } from '../reasons.js';
import type { PipelineNow, TriggerView } from '../trigger-state.js';
import type { SpanState } from './backfill-state.js';

/** A past stretch of time to train for, in milliseconds since 1970: [from, until). */
export interface Span {
  readonly from: number;
  readonly until: number;
  /** The dataset may have rows for its window. */
  readonly hasData: boolean;
}

export interface JudgedSpan {
  readonly span: Span;
  readonly reason: Reason;
  readonly verdict: Verdict.QUEUED | Verdict.SKIPPED;
  readonly skipCause: SkipCause;
  /** A sentence. */
  readonly why: string;
  /** Of the earlier backfill that has it. */
  readonly runId: string;
}

export interface SpansToJudge extends Pick<PipelineNow, 'spec' | 'specVersion'> {
  readonly backfillId: string;
  readonly spans: readonly Span[];
  readonly promote: boolean;
  readonly actor: string;
  /** Milliseconds since 1970. */
  readonly now: number;
}

export const backfillSource = '/refit/backfills';

/**
 * What would become of each span. The end of its window and the version of the pipeline tell a span from others, so that no
 * backfill does what another has done; what failed or was cancelled may be asked for again.
 */
export const judgeSpans = (input: SpansToJudge) => (state: TriggerView): readonly JudgedSpan[] => input.spans.map((span) => judgeSpan(input, span, state));

function judgeSpan(input: SpansToJudge, span: Span, state: TriggerView): JudgedSpan {
  const { attempt, last } = attemptsAt(input, span, state);
  const judged = (attemptNow: number, verdict: JudgedSpan['verdict'], skipCause: SkipCause, why: string, runId = ''): JudgedSpan => ({
    span, reason: spanReason(input, span, attemptNow), verdict, skipCause, why, runId,
  });
  if (last && (last.status === 'waiting' || last.status === 'running')) {
    return judged(attempt - 1, Verdict.SKIPPED, SkipCause.DUPLICATE, `An earlier backfill has it: it is ${last.status}.`, last.runId);
  }
  if (last && last.status === 'ended' && !mayBeRepeated.has(last.outcome)) {
    return judged(attempt - 1, Verdict.SKIPPED, SkipCause.DUPLICATE, `An earlier backfill has done it: ${last.outcome}.`, last.runId);
  }
  if (!span.hasData) return judged(attempt, Verdict.SKIPPED, SkipCause.NO_DATA, 'The dataset has no rows for its window.');
  return judged(attempt, Verdict.QUEUED, SkipCause.UNSPECIFIED, attempt === 1 ? 'It waits for its turn in the backfill.' : 'It is tried again: the last attempt did not come to its end.');
}

const mayBeRepeated: ReadonlySet<string> = new Set(['failed', 'cancelled']);

/** The number of the next attempt, from 1, and what became of the last one. */
function attemptsAt(input: SpansToJudge, span: Span, state: TriggerView): { attempt: number; last: SpanState | undefined } {
  let last: SpanState | undefined;
  for (let attempt = 1; ; attempt++) {
    const key = reasonKey({ source: backfillSource, id: spanId(input, span, attempt) });
    const backfillId = state.spans.get(key);
    if (backfillId === undefined) return { attempt, last };
    last = state.backfills.get(backfillId)?.spans.find((known) => known.key === key && known.status !== 'skipped');
  }
}

const spanId = ({ spec, specVersion }: SpansToJudge, { until }: Span, attempt: number) =>
  `backfill:${spec.name}:v${specVersion}:${new Date(until).toISOString()}${attempt === 1 ? '' : `#${attempt}`}`;

function spanReason(input: SpansToJudge, span: Span, attempt: number): Reason {
  const { backfillId, promote, actor, now } = input;
  const [from, until] = [span.from, span.until].map((time) => new Date(time).toISOString().replace(/\.000Z$/, 'Z').replace('T00:00:00Z', ''));
  return create(ReasonSchema, {
    kind: ReasonKind.BACKFILL, source: backfillSource, id: spanId(input, span, attempt), actor, occurredAt: timestampFromMs(now), summary: `backfill of ${from} to ${until}`,
    backfill: { backfillId, from: timestampFromMs(span.from), until: timestampFromMs(span.until), promote },
  });
}
