import { Inject, Injectable } from '@nestjs/common';
import { event, ModelTrainedSchema, RefitError, Step, type RunEvent } from '@refit/contracts';
import type { StepContext, StepHandler } from '@refit/saga';
import { RUNTIME, type Runtime } from '@refit/service';
import { workerFile } from '@refit/workers';
import { learningTask, windowOf } from './learning-task.js';
import type { Training, TrainingJob } from './train.worker.js';

const worker = workerFile(import.meta.url, './train.worker.js');

/** DataTransformed → ModelTrained: the model with its transforms as one artifact. */
@Injectable()
export class TrainModelStep implements StepHandler {
  readonly step = Step.TRAIN;
  /** One training takes all the memory and a core that an installation may give to it. */
  readonly slots = 1;

  constructor(@Inject(RUNTIME) private readonly runtime: Runtime) {}

  async work(context: StepContext): Promise<readonly RunEvent[]> {
    const { artifacts, workers } = this.runtime;
    const window = windowOf(context);
    const task = learningTask(context.spec, window, await artifacts.path(window.hash));
    const job: TrainingJob = { task, transformsPath: await artifacts.path(transformsHash(context)) };
    const progress = (fraction: number, message: string) => context.progress(fraction, message);
    const { artifact, parameters, metrics, rows } = await workers.run<TrainingJob, Training>(worker, job, { signal: context.signal, progress });
    return [
      event(ModelTrainedSchema, {
        trainer: task.trainer.kind,
        parameters: { ...parameters },
        seed: task.trainer.seed,
        artifactHash: await artifacts.put(artifact),
        artifactBytes: artifact.byteLength,
        trainingMetrics: [...metrics],
        rows,
      }),
    ];
  }
}

function transformsHash({ run, runId }: StepContext): string {
  const transformed = run.status === 'working' ? run.findings.transformed : undefined;
  if (!transformed) throw new RefitError('INTERNAL', `run ${runId} came to training before its data was transformed`);
  return transformed.transformsHash;
}
