import { timestampMs } from '@bufbuild/protobuf/wkt';
import { ReasonKind, SkipCause, Verdict, type Batch, type Reason, type ReasonJudged, type RunClosed, type RunStarted, type TriggerEvent } from '@refit/contracts';
import { backfillCancelled, backfillRequested, spanEnded, spanJudged, spanReopened, spanStarted } from './backfill/evolve-backfill.js';
import { reasonKey, receivedAt } from './reasons.js';
import { emptyTriggerState, type TriggerState } from './trigger-state.js';

/** How many reasons are told from repeats: at a thousand a second the last minute and a half, else of weeks. */
const remembered = { least: 100_000, most: 120_000 } as const;

/** Folds a trigger stream. Each fold starts from a state of its own, which `evolveTrigger` changes in place. */
export const triggerDecider = {
  get initialState(): TriggerState {
    return emptyTriggerState();
  },
  evolve: evolveTrigger,
};

/** The state after one more event. Total: what this version does not know changes nothing. */
export function evolveTrigger(state: TriggerState, event: TriggerEvent): TriggerState {
  switch (event.$typeName) {
    case 'refit.trigger.v1.ReasonJudged':
      judged(state, event);
      break;
    case 'refit.trigger.v1.RunStarted':
      started(state, event);
      break;
    case 'refit.trigger.v1.RunClosed':
      closed(state, event);
      break;
    case 'refit.trigger.v1.RunReopened':
      reopened(state, event.runId);
      break;
    case 'refit.trigger.v1.RunReplaced':
      if (state.open.has(event.runId)) state.stopping.set(event.runId, { actor: event.actor, reason: event.why });
      break;
    case 'refit.trigger.v1.BackfillRequested':
      backfillRequested(state, event);
      break;
    case 'refit.trigger.v1.BackfillCancelled':
      backfillCancelled(state, event);
      break;
  }
  return state;
}

function judged(state: TriggerState, event: ReasonJudged): void {
  const { reason, verdict, skipCause, dueAt, runId } = event;
  if (!reason) return;
  const at = receivedAt(reason);
  if (at) state.received.set(at.place, Math.max(at.number, state.received.get(at.place) ?? 0));
  if (reason.kind === ReasonKind.SCHEDULE) dealtWith(state, reason);
  if (reason.kind === ReasonKind.BACKFILL) spanJudged(state, event);
  if (skipCause === SkipCause.DUPLICATE) return;
  const key = reasonKey(reason);
  state.handled.set(key, runId);
  forgetOldest(state.handled);
  if (reason.kind === ReasonKind.DATA_ARRIVAL && reason.batch) offer(state, reason.batch);
  if (verdict === Verdict.QUEUED) state.queue.set(key, { reason, dueAt: dueAt ? timestampMs(dueAt) : 0 });
  if (verdict === Verdict.COALESCED) state.joined.set(key, reason);
}

function dealtWith({ scheduled }: TriggerState, { schedules, occurredAt }: Reason): void {
  if (!occurredAt) return;
  for (const key of schedules) scheduled.set(key, timestampMs(occurredAt)); // the last word, also where a clock was set back
}

/** Many at a time: a Map that loses its first key again and again gets slow. */
function forgetOldest(handled: Map<string, string>): void {
  if (handled.size <= remembered.most) return;
  let excess = remembered.most - remembered.least;
  for (const key of handled.keys()) {
    handled.delete(key);
    if (--excess === 0) return;
  }
}

function started(state: TriggerState, { runId, reason, batches, startedAt }: RunStarted): void {
  state.open.set(runId, batches);
  if (startedAt && reason?.kind !== ReasonKind.BACKFILL) state.lastStartedAt = timestampMs(startedAt);
  for (const { name } of batches) take(state, name);
  if (reason) answer(state, reasonKey(reason), runId);
  if (reason?.kind === ReasonKind.BACKFILL) return spanStarted(state, reasonKey(reason), runId);
  const names = new Set(batches.map(({ name }) => name));
  for (const [key, { reason: waiting }] of state.queue) if (waiting.batch && names.has(waiting.batch.name)) answer(state, key, runId);
  // Others than arrivals of data joined a reason that waited: its run is theirs.
  for (const [key, waiting] of state.joined) if (!waiting.batch || names.has(waiting.batch.name)) answer(state, key, runId);
  promoteJoined(state);
}

function answer(state: TriggerState, key: string, runId: string): void {
  state.handled.set(key, runId);
  state.queue.delete(key);
  state.joined.delete(key);
}

/** When a run could not take all that waited, the first that is left waits in the queue for the rest. */
function promoteJoined(state: TriggerState): void {
  const [first] = state.joined;
  if (!first || [...state.queue.values()].some(({ reason }) => reason.kind === ReasonKind.DATA_ARRIVAL)) return;
  state.joined.delete(first[0]);
  state.queue.set(first[0], { reason: first[1], dueAt: 0 });
}

function closed(state: TriggerState, { runId, batchesTaken, outcome }: RunClosed): void {
  const batches = state.open.get(runId);
  if (!batches) return;
  state.open.delete(runId);
  state.stopping.delete(runId);
  spanEnded(state, runId, outcome);
  if (batchesTaken || batches.length === 0) return;
  state.returned.set(runId, batches);
  // A newer delivery of the same name has replaced what comes back.
  for (const batch of batches) if (!state.pending.has(batch.name)) offer(state, batch);
}

function reopened(state: TriggerState, runId: string): void {
  if (state.open.has(runId)) return;
  const batches = state.returned.get(runId) ?? [];
  state.returned.delete(runId);
  spanReopened(state, runId);
  state.open.set(runId, batches);
  state.reopenings.set(runId, (state.reopenings.get(runId) ?? 0) + 1);
  for (const batch of batches) if (state.pending.get(batch.name) === batch) take(state, batch.name);
}

function offer(state: TriggerState, batch: Batch): void {
  state.pendingRows += batch.rows - (state.pending.get(batch.name)?.rows ?? 0);
  state.pending.set(batch.name, batch);
}

function take(state: TriggerState, name: string): void {
  state.pendingRows -= state.pending.get(name)?.rows ?? 0;
  state.pending.delete(name);
}
