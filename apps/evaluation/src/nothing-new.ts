import { decodeEvent, ReasonKind, runStream, RunOutcome, triggerStream, type ModelEvaluated, type RunRequested } from '@refit/contracts';
import type { EventStore } from '@refit/event-store';
import { runDecider, type RunState } from '@refit/run';
import { load } from '@refit/saga';

/** Events of the pipeline's trigger that are looked through for its last run that came to a verdict. */
const farEnough = 2000;

/**
 * Whether it is no news that the model gate refuses this model: a schedule asked for it, and it is, byte for byte, the
 * champion itself, or the one that the same gates refused last time against the same champion. So nothing in the data has
 * changed either.
 */
export async function tellsNothingNew(store: EventStore, request: RunRequested, evaluated: ModelEvaluated): Promise<boolean> {
  if (request.reason?.kind !== ReasonKind.SCHEDULE || evaluated.artifactHash === '') return false;
  if (evaluated.artifactHash === evaluated.comparison?.championArtifactHash) return true;
  const last = await lastJudged(store, request.pipeline);
  if (last?.outcome !== RunOutcome.MODEL_REJECTED || last.request.specHash !== request.specHash) return false;
  const before = last.findings.evaluated;
  return before?.artifactHash === evaluated.artifactHash && before.comparison?.championVersion === evaluated.comparison?.championVersion;
}

type Completed = Extract<RunState, { status: 'completed' }>;

/** Failed and cancelled runs, and those of backfills, say nothing of the pipeline's model. */
async function lastJudged(store: EventStore, pipeline: string): Promise<Completed | undefined> {
  for await (const recorded of store.readStream(triggerStream(pipeline), { direction: 'backwards', limit: farEnough })) {
    const event = decodeEvent(recorded);
    if (event?.$typeName !== 'refit.trigger.v1.RunClosed') continue;
    const { state } = await load(store, runStream(event.runId), runDecider);
    if (state.status === 'completed' && state.request.reason?.kind !== ReasonKind.BACKFILL) return state;
  }
  return undefined;
}
