import {
  DataTransformedSchema, event, FindingSeverity, ModelEvaluatedSchema, ModelRejectedSchema, PipelineSpecSchema, RunRequestedSchema, Step, StepClaimedSchema, Task,
  type RunEvent,
} from '@refit/contracts';
import { evolveRun, initialRun } from '@refit/run';
import type { StepContext } from '@refit/saga';
import { describe, expect, it } from 'vitest';
import { JudgeModelStep } from './judge-model.step.js';

const spec = event(PipelineSpecSchema, {
  name: 'delays',
  modelGate: { minimumComparisonRows: 10, metrics: [{ name: 'no worse', metric: 'primary', condition: { case: 'notWorseThanChampionBy', value: 0.01 } }] },
});
const rocAuc = (value: number) => ({ name: 'rocAuc', value, rows: 500 });
const comparedWith = (champion: number) => ({ model: 'delays', championVersion: 4, rows: 500, challenger: [rocAuc(0.7)], champion: [rocAuc(champion)] });

/** The step's context in a run that has come this far. */
function judging(...events: RunEvent[]): StepContext {
  const run = [
    event(RunRequestedSchema, { runId: 'r', pipeline: 'delays', plan: [Step.TRANSFORM, Step.EVALUATE, Step.JUDGE] }),
    event(DataTransformedSchema, { task: Task.BINARY }),
    ...events,
    event(StepClaimedSchema, { step: Step.JUDGE, attempt: 1, leaseId: 'l', instanceId: 'i' }),
  ].reduce(evolveRun, initialRun);
  return { runId: 'r', run, spec, attempt: 1, causationId: 'c', signal: new AbortController().signal, progress: () => {}, now: () => 1000 };
}

describe('the model gate', () => {
  it('accepts a model that is no worse, and names the champion it was compared with', async () => {
    const events = await new JudgeModelStep().work(judging(event(ModelEvaluatedSchema, { testRows: 500, metrics: [rocAuc(0.7)], comparison: comparedWith(0.705) })));
    expect(events).toMatchObject([{ $typeName: 'refit.run.v1.ModelAccepted', championVersion: 4, gates: [{ metric: 'rocAuc', championValue: 0.705 }] }]);
  });

  it('accepts the first model, which was compared with none', async () => {
    const events = await new JudgeModelStep().work(judging(event(ModelEvaluatedSchema, { testRows: 500, metrics: [rocAuc(0.7)] })));
    expect(events).toMatchObject([{ $typeName: 'refit.run.v1.ModelAccepted', championVersion: 0 }]);
  });

  it('rejects a model that is worse, and raises an alert that says why', async () => {
    const [alert, rejected] = await new JudgeModelStep().work(judging(event(ModelEvaluatedSchema, { testRows: 500, metrics: [rocAuc(0.7)], comparison: comparedWith(0.75) })));
    const why = "ROC AUC 0.7000 is 0.0500 below the champion's 0.7500 (v4) on the same 500 rows; allowed 0.0100.";
    expect(alert).toMatchObject({ $typeName: 'refit.run.v1.AlertRaised', kind: 'model-validation', severity: FindingSeverity.FAILURE, message: why });
    expect(rejected).toMatchObject({ $typeName: ModelRejectedSchema.typeName, championVersion: 4, gates: [{ message: why }] });
  });
});
