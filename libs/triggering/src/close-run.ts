import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import { event, RefitError, RunClosedSchema, RunReopenedSchema, type TriggerEvent } from '@refit/contracts';
import type { TriggerView } from './trigger-state.js';

export interface CloseRun {
  readonly runId: string;
  /** For people: completed, failed, … */
  readonly outcome: string;
  /** Whether the run's data are in the dataset; else they wait for the next run again. */
  readonly batchesTaken: boolean;
  /** Milliseconds since 1970. */
  readonly now: number;
}

/** The run ended and its place is free. Nothing when it is not open here (any more). */
export const closeRun = ({ now, ...run }: CloseRun) => (state: TriggerView): readonly TriggerEvent[] =>
  state.open.has(run.runId) ? [event(RunClosedSchema, { ...run, closedAt: timestampFromMs(now) })] : [];

/**
 * A person revives a failed run: it takes its place again, and its batches with it. Nothing when it already has.
 *
 * @throws RefitError RUN_NOT_RETRYABLE when another run is open, or took the batches meanwhile
 */
export const reopenRun = ({ runId, actor }: { readonly runId: string; readonly actor: string }) => (state: TriggerView): readonly TriggerEvent[] => {
  if (state.open.has(runId)) return [];
  const [other] = state.open.keys();
  if (other !== undefined) {
    throw new RefitError('RUN_NOT_RETRYABLE', `run ${other} of this pipeline is open; wait for its end or cancel it, then retry ${runId}`);
  }
  const gone = (state.returned.get(runId) ?? []).filter(({ name }) => !state.pending.has(name));
  if (gone.length > 0) {
    throw new RefitError('RUN_NOT_RETRYABLE', `a later run took the data of run ${runId} (${gone.map(({ name }) => name).join(', ')}); start a new run instead`);
  }
  return [event(RunReopenedSchema, { runId, actor })];
};
