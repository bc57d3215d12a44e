import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import { ConcurrencyPolicy, event, RunReplacedSchema, type PipelineSpec, type Reason, type RunReplaced } from '@refit/contracts';
import { reasonKey } from './reasons.js';
import type { PipelineNow, Queued, TriggerView } from './trigger-state.js';

/**
 * The open run whose place a new reason takes, where that is the policy; undefined when none is, when it is given up
 * already, or when it is one of a backfill, which nobody repeats: reasons wait for its end.
 */
export function replaceableRun({ open, stopping, backfilling }: Pick<TriggerView, 'open' | 'stopping' | 'backfilling'>, { triggers }: PipelineSpec): string | undefined {
  const [runId] = open.keys();
  if (runId === undefined || triggers?.concurrency !== ConcurrencyPolicy.REPLACE) return undefined;
  return stopping.has(runId) || backfilling.has(runId) ? undefined : runId;
}

/** The run is to be cancelled for this reason, which waits in the queue until it has ended. */
export const runReplaced = (runId: string, reason: Reason, now: number): RunReplaced =>
  event(RunReplacedSchema, {
    runId, reasonId: reasonKey(reason), actor: reason.actor || 'refit', replacedAt: timestampFromMs(now),
    why: `A newer reason takes its place: ${reason.summary || reasonKey(reason)}.`,
  });

/**
 * A reason whose wait for further arrivals is over while a run is open. Only those replace it that have waited for a time:
 * what an earlier run left over waits for its turn, or runs would replace one another for ever.
 */
export function nextReplacement(state: TriggerView, { spec, paused, now }: Pick<PipelineNow, 'spec' | 'paused'> & { readonly now: number }): { runId: string; queued: Queued } | undefined {
  const runId = replaceableRun(state, spec);
  if (paused || runId === undefined) return undefined;
  const queued = [...state.queue.values()].find(({ dueAt }) => dueAt > 0 && dueAt <= now);
  return queued && { runId, queued };
}
