import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import { event, ReasonKind, RunStartedSchema, type PipelineSpec, type Reason, type RunStarted, type TriggerEvent } from '@refit/contracts';
import { batchesFor, reasonIdsFor } from './batches-for.js';
import { isAutomatic, isBackfill, reasonKey } from './reasons.js';
import { nextReplacement, replaceableRun, runReplaced } from './replace-run.js';
import type { PipelineNow, Queued, TriggerView } from './trigger-state.js';

export interface StartDue extends PipelineNow {
  /** Milliseconds since 1970. */
  readonly now: number;
  readonly newRunId: string;
}

/**
 * Starts the reason that is due, when the place is free; or lets it replace the open run, where that is the policy. One at
 * a time: a pipeline has at most one open run.
 */
export const startDue = (input: StartDue) => (state: TriggerView): readonly TriggerEvent[] => {
  const ready = nextReady(state, input);
  if (ready) return [runStarted(state, ready.reason, input)];
  const replacement = nextReplacement(state, input);
  return replacement ? [runReplaced(replacement.runId, replacement.queued.reason, input.now)] : [];
};

/** The queued reason that may start now: the oldest whose wait is over, and backfills only when there is no other. */
export function nextReady(state: TriggerView, { spec, paused, now }: Pick<StartDue, 'spec' | 'paused' | 'now'>): Queued | undefined {
  if (paused || state.open.size > 0) return undefined;
  const ready = [...state.queue.values()].filter((queued) => readyAt(queued, state, spec) <= now);
  return ready.find(({ reason }) => !isBackfill(reason)) ?? ready[0];
}

/** When something queued will be due, in milliseconds since 1970; undefined when only an event can change anything. */
export function nextDueAt(state: TriggerView, { spec, paused }: PipelineNow): number | undefined {
  if (paused) return undefined;
  const queued = [...state.queue.values()];
  const times = state.open.size === 0 ? queued.map((q) => readyAt(q, state, spec))
    : replaceableRun(state, spec) === undefined ? [] : queued.map(({ dueAt }) => dueAt).filter((dueAt) => dueAt > 0);
  return times.length === 0 ? undefined : Math.min(...times);
}

const readyAt = (queued: Queued, state: TriggerView, spec: PipelineSpec) =>
  isAutomatic(queued.reason) ? Math.max(queued.dueAt, cooledDownAt(state, spec)) : queued.dueAt;

/** From when on an automatic run may start again; without a cool-down at any time, also where a clock was set back. */
export const cooledDownAt = ({ lastStartedAt }: TriggerView, { triggers }: PipelineSpec): number => {
  const coolDownMs = triggers?.coolDownMs ?? 0;
  return lastStartedAt === undefined || coolDownMs === 0 ? 0 : lastStartedAt + coolDownMs;
};

/** The start of a run for this reason, with the batches it takes and the other reasons that it thereby answers. */
export function runStarted(state: Pick<TriggerView, 'pending' | 'queue' | 'joined'>, reason: Reason, input: StartDue): RunStarted {
  const coalesce = input.spec.triggers?.onData?.coalesce ?? false;
  const own = reason.kind === ReasonKind.DATA_ARRIVAL ? reason.batch?.name : undefined;
  // A backfill looks back: what is new is for the runs of the day.
  const batches = isBackfill(reason) ? [] : batchesFor(state, coalesce, own);
  return event(RunStartedSchema, {
    runId: input.newRunId,
    reason,
    reasonIds: isBackfill(reason) ? [reasonKey(reason)] : reasonIdsFor(state, reason, batches),
    batches: [...batches],
    specVersion: input.specVersion,
    specHash: input.specHash,
    startedAt: timestampFromMs(input.now),
  });
}
