import { event, RunRequestedSchema, Step, type RunRequested, type RunStarted } from '@refit/contracts';

/** What every training run does, in its order. */
export const trainingPlan: readonly Step[] = [Step.INGEST, Step.VALIDATE, Step.TRANSFORM, Step.TRAIN, Step.EVALUATE, Step.JUDGE, Step.REGISTER];

/**
 * The first event of a run's own stream. It follows from the start alone, so a start that was interrupted between the two
 * streams is finished by doing this again.
 */
export function runRequestedFrom(started: RunStarted, pipeline: string, plan: readonly Step[] = trainingPlan): RunRequested {
  const { runId, reason, reasonIds, batches, specVersion, specHash, startedAt } = started;
  return event(RunRequestedSchema, {
    runId, pipeline, specVersion, specHash, reasonIds, batches,
    plan: [...plan],
    ...(reason && { reason }),
    ...(startedAt && { requestedAt: startedAt }),
    ...(reason?.backfill?.until && { windowEnd: reason.backfill.until }),
    withoutPromotion: reason?.backfill ? !reason.backfill.promote : false,
  });
}
