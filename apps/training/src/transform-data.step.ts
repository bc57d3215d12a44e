import { Inject, Injectable } from '@nestjs/common';
import { DataTransformedSchema, event, Step, type RunEvent } from '@refit/contracts';
import type { StepContext, StepHandler } from '@refit/saga';
import { RUNTIME, type Runtime } from '@refit/service';
import { taskOfName } from '@refit/transforms';
import { workerFile } from '@refit/workers';
import { learningTask, windowOf, type LearningTask } from './learning-task.js';
import type { Transformation } from './transform.worker.js';

const worker = workerFile(import.meta.url, './transform.worker.js');

/** DataValidated → DataTransformed: the label found, the rows split, the features fitted on the training rows. */
@Injectable()
export class TransformDataStep implements StepHandler {
  readonly step = Step.TRANSFORM;

  constructor(@Inject(RUNTIME) private readonly runtime: Runtime) {}

  async work(context: StepContext): Promise<readonly RunEvent[]> {
    const { artifacts, workers } = this.runtime;
    const window = windowOf(context);
    const task = learningTask(context.spec, window, await artifacts.path(window.hash));
    const progress = (fraction: number, message: string) => context.progress(fraction, message);
    const { label, membership, rows, transforms } = await workers.run<LearningTask, Transformation>(worker, task, { signal: context.signal, progress });
    return [
      event(DataTransformedSchema, {
        task: taskOfName[label.task],
        classes: [...label.classes],
        split: membership,
        trainingRows: rows.training,
        validationRows: rows.validation,
        testRows: rows.test,
        droppedRows: rows.dropped,
        transformsHash: await artifacts.putJson(transforms),
        features: fewNames(transforms.features),
        leftOut: transforms.leftOut.slice(0, MOST_LEFT_OUT),
      }),
    ];
  }
}

const MOST_NAMES = 500;
const MOST_LEFT_OUT = 100;

/** Events stay small; all names are in the artifact. */
const fewNames = (names: readonly string[]): string[] =>
  names.length <= MOST_NAMES ? [...names] : [...names.slice(0, MOST_NAMES), `… and ${names.length - MOST_NAMES} more`];
