import { setTimeout as sleep } from 'node:timers/promises';
import { Module, type Type } from '@nestjs/common';
import {
  DataIngestedSchema, DataTransformedSchema, DataValidatedSchema, event, ModelAcceptedSchema, ModelDeployedSchema, ModelEvaluatedSchema,
  ModelRegisteredSchema, ModelTrainedSchema, Step, type RunEvent,
} from '@refit/contracts';
import type { StepHandler } from '@refit/saga';
import { stepsModule } from '@refit/service';

const outcomes: Record<number, () => RunEvent> = {
  [Step.INGEST]: () => event(DataIngestedSchema, {}),
  [Step.VALIDATE]: () => event(DataValidatedSchema, {}),
  [Step.TRANSFORM]: () => event(DataTransformedSchema, {}),
  [Step.TRAIN]: () => event(ModelTrainedSchema, {}),
  [Step.EVALUATE]: () => event(ModelEvaluatedSchema, {}),
  [Step.JUDGE]: () => event(ModelAcceptedSchema, {}),
  [Step.REGISTER]: () => event(ModelRegisteredSchema, {}),
  [Step.DEPLOY]: () => event(ModelDeployedSchema, {}),
};

/** The services that have steps, each with its own. */
export const servicesWithSteps: readonly (readonly [name: string, steps: readonly Step[]])[] = [
  ['registry', [Step.REGISTER, Step.DEPLOY]],
  ['evaluation', [Step.EVALUATE, Step.JUDGE]],
  ['training', [Step.TRANSFORM, Step.TRAIN]],
  ['validation', [Step.VALIDATE]],
  ['ingestion', [Step.INGEST]],
];

/** A Nest module with a handler for each of the steps, which does nothing, for so long. */
export function moduleOfNothing(steps: readonly Step[], stepMs = () => 0): Type {
  const handlers = steps.map((step) => class Nothing implements StepHandler {
    readonly step = step;
    async work() {
      if (stepMs() > 0) await sleep(stepMs());
      return [outcomes[step]!()];
    }
  });
  // Without decorator syntax, which plain Node does not take out of a file.
  class Nothings {
    readonly steps = steps;
  }
  Module({ imports: steps.length > 0 ? [stepsModule(...handlers)] : [] })(Nothings);
  return Nothings;
}
