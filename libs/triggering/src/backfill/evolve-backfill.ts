import { Verdict, type BackfillCancelled, type BackfillRequested, type ReasonJudged } from '@refit/contracts';
import { reasonKey } from '../reasons.js';
import type { TriggerState } from '../trigger-state.js';
import type { SpanState } from './backfill-state.js';

// Parts of the fold of a trigger stream. What is kept is replaced, never changed: others may look at it.

export function backfillRequested(state: TriggerState, requested: BackfillRequested): void {
  state.backfills.set(requested.backfillId, { requested, cancelled: undefined, spans: [] });
}

/** The verdict on a span. One that is skipped keeps its place in the list only. */
export function spanJudged(state: TriggerState, { reason, verdict, runId, why }: ReasonJudged): void {
  const span = reason?.backfill;
  const backfill = span && state.backfills.get(span.backfillId);
  if (!backfill) return;
  const key = reasonKey(reason);
  const waits = verdict === Verdict.QUEUED;
  if (waits) state.spans.set(key, span.backfillId);
  state.backfills.set(span.backfillId, { ...backfill, spans: [...backfill.spans, { key, span, status: waits ? 'waiting' : 'skipped', runId, outcome: '', why }] });
}

export function spanStarted(state: TriggerState, key: string, runId: string): void {
  state.backfilling.set(runId, key);
  changeSpan(state, key, { status: 'running', runId, why: '' });
}

export function spanEnded(state: TriggerState, runId: string, outcome: string): void {
  const key = state.backfilling.get(runId);
  if (key !== undefined) changeSpan(state, key, { status: 'ended', outcome });
}

export function spanReopened(state: TriggerState, runId: string): void {
  const key = state.backfilling.get(runId);
  if (key !== undefined) changeSpan(state, key, { status: 'running', outcome: '' });
}

/** What waits is given up, and what runs is to be. */
export function backfillCancelled(state: TriggerState, cancelled: BackfillCancelled): void {
  const backfill = state.backfills.get(cancelled.backfillId);
  if (!backfill) return;
  state.backfills.set(cancelled.backfillId, { ...backfill, cancelled });
  for (const { key, status, runId } of backfill.spans) {
    if (status === 'running' && state.open.has(runId)) state.stopping.set(runId, { actor: cancelled.actor, reason: cancelled.reason });
    if (status !== 'waiting') continue;
    state.queue.delete(key);
    changeSpan(state, key, { status: 'given-up', why: '' });
  }
}

function changeSpan(state: TriggerState, key: string, change: Partial<SpanState>): void {
  const id = state.spans.get(key);
  const backfill = id === undefined ? undefined : state.backfills.get(id);
  if (id === undefined || !backfill) return;
  state.backfills.set(id, { ...backfill, spans: backfill.spans.map((span) => (span.key === key && span.status !== 'skipped' ? { ...span, ...change } : span)) });
}
