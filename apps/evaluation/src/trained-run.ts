import { RefitError, type ModelTrained, type Snapshot, type SplitMembership, type Task } from '@refit/contracts';
import type { StepContext } from '@refit/saga';

/** What an evaluation takes from the run so far. */
export interface TrainedRun {
  readonly window: Snapshot;
  readonly split: SplitMembership;
  readonly task: Task;
  readonly trained: ModelTrained;
  /** Name of the model whose champion is the one to beat. */
  readonly model: string;
  /** Comparisons that were outdated before. */
  readonly round: number;
  /** It is registered beside the champion, whom it does not compete with. */
  readonly withoutPromotion: boolean;
}

export function trainedRun({ run, runId, spec }: StepContext): TrainedRun {
  const { ingested, transformed, trained } = run.status === 'working' ? run.findings : {};
  if (run.status !== 'working' || !ingested?.window || !transformed?.split || !trained || !spec.registration) {
    throw new RefitError('INTERNAL', `run ${runId} came to be evaluated without data, a split or a model`);
  }
  return { window: ingested.window, split: transformed.split, task: transformed.task, trained, model: spec.registration.model, round: run.round, withoutPromotion: run.request.withoutPromotion };
}
