import { runStream } from '@refit/contracts';
import { decideJudgements, labelOf, nameOf, newestVersions, standingOf, type BatchVersion, type Judgement } from '@refit/data-validation';
import type { EventStore } from '@refit/event-store';
import { runDecider, type RunState } from '@refit/run';
import { load } from '@refit/saga';
import type { Ingesting } from './ingesting.js';

/**
 * Records in the dataset what this pipeline's gate has said of its batches since. It is read from the runs that had the
 * batches in their window, so it is right even when every message about them was lost.
 */
export async function catchUpJudgements({ runtime, context, dataset }: Ingesting): Promise<void> {
  const pipeline = context.spec.name;
  const runs = new Map<string, Promise<RunState>>();
  const runOf = (runId: string) => {
    const run = runs.get(runId) ?? loadRun(runtime.store, runId);
    runs.set(runId, run);
    return run;
  };
  const judgements: Judgement[] = [];
  for (const batch of newestVersions(dataset.state).filter((candidate) => standingOf(candidate, pipeline) === 'pending')) {
    const windows = [...dataset.state.windows.values()].filter(({ runId, batches }) => batches.includes(labelOf(batch)) && !batch.overruled?.has(runId));
    for (const { runId } of windows) {
      const judgement = judgementOf(await runOf(runId), runId, batch, pipeline);
      if (judgement) judgements.push(judgement);
    }
  }
  if (judgements.length > 0) await dataset.decide((state) => decideJudgements(state, pipeline, lastOfEach(judgements)));
}

const loadRun = async (store: EventStore, runId: string) => (await load(store, runStream(runId), runDecider)).state;

/** undefined while that run has not judged this batch, or is another pipeline's. */
function judgementOf(run: RunState, runId: string, batch: BatchVersion, pipeline: string): Judgement | undefined {
  if (run.status === 'none' || run.request.pipeline !== pipeline) return undefined;
  const { ingested, validated, dataRejected } = run.findings;
  const name = nameOf(batch);
  const outcome = validated ?? dataRejected;
  if (!outcome || !ingested?.newBatches.some((known) => known.name === name && known.version === batch.ingested.version)) return undefined;
  const accepted = outcome.acceptedBatches.includes(name);
  return { batch, accepted, runId, reason: accepted ? 'passed the data gate' : 'refused by the data gate' };
}

const lastOfEach = (judgements: readonly Judgement[]) => [...new Map(judgements.map((judgement) => [labelOf(judgement.batch), judgement])).values()];
