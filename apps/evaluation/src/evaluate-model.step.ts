import { Inject, Injectable } from '@nestjs/common';
import {
  event, isRefitError, ModelEvaluatedSchema, modelStream, Step, type RunEvent, type VersionRegistered,
} from '@refit/contracts';
import { championOf, modelDecider } from '@refit/model-registry';
import { load, type StepContext, type StepHandler } from '@refit/saga';
import { RUNTIME, type Runtime } from '@refit/service';
import { workerFile } from '@refit/workers';
import type { EvaluationJob, StoredModel } from './evaluate.worker.js';
import { evaluationSettings } from './evaluation-settings.js';
import { impossible, type EvaluatedComparison, type Evaluation } from './evaluation.js';
import { untraceableBecause } from './redelivered-batches.js';
import { trainedRun, type TrainedRun } from './trained-run.js';

const worker = workerFile(import.meta.url, './evaluate.worker.js');

/**
 * ModelTrained → ModelEvaluated: the challenger on its test rows, and against the champion of this moment, whose place it
 * would take.
 */
@Injectable()
export class EvaluateModelStep implements StepHandler {
  readonly step = Step.EVALUATE;

  constructor(@Inject(RUNTIME) private readonly runtime: Runtime) {}

  async work(context: StepContext): Promise<readonly RunEvent[]> {
    const run = trainedRun(context);
    const { state } = await load(this.runtime.store, modelStream(run.model), modelDecider);
    const champion = run.withoutPromotion ? undefined : championOf(state);
    if (!champion) return [evaluated(run, await this.#evaluate(context, run))];
    const opponent = await this.#opponent(context, run, champion);
    const evaluation = 'impossibleBecause' in opponent
      ? { ...(await this.#evaluate(context, run)), comparison: opponent }
      : await this.#evaluate(context, run, opponent);
    return [evaluated(run, evaluation, champion)];
  }

  async #evaluate(context: StepContext, run: TrainedRun, champion?: StoredModel): Promise<Evaluation> {
    const { artifacts, workers } = this.runtime;
    const job: EvaluationJob = {
      snapshotPath: await artifacts.path(run.window.hash),
      snapshotColumns: run.window.columns.map((column) => column.name),
      challenger: { path: await artifacts.path(run.trained.artifactHash), membership: run.split },
      ...(champion && { champion }),
      settings: evaluationSettings(context.spec, run),
    };
    const progress = (fraction: number, message: string) => context.progress(fraction, message);
    return workers.run<EvaluationJob, Evaluation>(worker, job, { signal: context.signal, progress });
  }

  /**
   * A champion that is no longer stored, or whose rows can not be told apart, can not be compared with: the gate then says
   * so, and the run does not fail.
   */
  async #opponent({ runId, spec }: StepContext, run: TrainedRun, champion: VersionRegistered): Promise<StoredModel | EvaluatedComparison> {
    const { artifactHash, split, version } = champion;
    if (!split) return impossible('it was registered without saying which rows it was trained on');
    const challenger = { runId, membership: run.split };
    const untraceable = await untraceableBecause(this.runtime.store, spec.dataset, challenger, { runId: champion.runId, membership: split, version });
    if (untraceable !== undefined) return impossible(untraceable);
    try {
      return { path: await this.runtime.artifacts.path(artifactHash), membership: split };
    } catch (error) {
      if (isRefitError(error, 'ARTIFACT_NOT_FOUND')) return impossible(`its artifact ${artifactHash} is no longer stored`);
      throw error;
    }
  }
}

function evaluated({ model, trained, round, withoutPromotion }: TrainedRun, evaluation: Evaluation, champion?: VersionRegistered): RunEvent {
  const { testRows, metrics, smallSlices, comparison } = evaluation;
  return event(ModelEvaluatedSchema, {
    artifactHash: trained.artifactHash, testRows, metrics: [...metrics], smallSlices: [...smallSlices], round, withoutChampion: withoutPromotion,
    ...(champion && comparison && {
      comparison: {
        model, championVersion: champion.version, championArtifactHash: champion.artifactHash, rows: comparison.rows,
        challenger: [...comparison.challenger], champion: [...comparison.champion], impossibleBecause: comparison.impossibleBecause,
      },
    }),
  });
}
