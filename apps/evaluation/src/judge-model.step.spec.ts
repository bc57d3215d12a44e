import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  DataTransformedSchema, event, FindingSeverity, ModelEvaluatedSchema, ModelRejectedSchema, PipelineSpecSchema, ReasonKind, RunClosedSchema, RunCompletedSchema, RunFailedSchema, RunOutcome,
  RunRequestedSchema, runStream, Step, StepClaimedSchema, Task, triggerStream, type RunEvent,
} from '@refit/contracts';
import { evolveRun, initialRun } from '@refit/run';
import type { EventStore } from '@refit/event-store';
import { openSqliteEventStore } from '@refit/event-store/sqlite';
import { toNewEvents, type StepContext } from '@refit/saga';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { JudgeModelStep } from './judge-model.step.js';

let folder: string;
let store: EventStore;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'refit-judge-'));
  store = await openSqliteEventStore({ file: join(folder, 'events.sqlite') });
});
afterEach(async () => {
  await store.close();
  await rm(folder, { recursive: true });
});

const step = () => new JudgeModelStep({ store });
const spec = event(PipelineSpecSchema, {
  name: 'delays',
  modelGate: { minimumComparisonRows: 10, metrics: [{ name: 'no worse', metric: 'primary', condition: { case: 'notWorseThanChampionBy', value: 0.01 } }] },
});
const rocAuc = (value: number) => ({ name: 'rocAuc', value, rows: 500 });
const comparedWith = (champion: number) => ({ model: 'delays', championVersion: 4, rows: 500, challenger: [rocAuc(0.7)], champion: [rocAuc(champion)] });

const request = (kind: ReasonKind = ReasonKind.MANUAL, specHash = 'spec') =>
  event(RunRequestedSchema, { runId: 'r', pipeline: 'delays', specHash, reason: { kind }, plan: [Step.TRANSFORM, Step.EVALUATE, Step.JUDGE] });

/** The step's context in a run that has come this far. */
const judging = (...events: RunEvent[]) => judgingFor(request(), ...events);

function judgingFor(requested: RunEvent, ...events: RunEvent[]): StepContext {
  const run = [
    requested,
    event(DataTransformedSchema, { task: Task.BINARY }),
    ...events,
    event(StepClaimedSchema, { step: Step.JUDGE, attempt: 1, leaseId: 'l', instanceId: 'i' }),
  ].reduce(evolveRun, initialRun);
  return { runId: 'r', run, spec, attempt: 1, causationId: 'c', signal: new AbortController().signal, progress: () => {}, now: () => 1000 };
}

describe('the model gate', () => {
  it('accepts a model that is no worse, and names the champion it was compared with', async () => {
    const events = await step().work(judging(event(ModelEvaluatedSchema, { testRows: 500, metrics: [rocAuc(0.7)], comparison: comparedWith(0.705) })));
    expect(events).toMatchObject([{ $typeName: 'refit.run.v1.ModelAccepted', championVersion: 4, gates: [{ metric: 'rocAuc', championValue: 0.705 }] }]);
  });

  it('accepts the first model, which was compared with none', async () => {
    const events = await step().work(judging(event(ModelEvaluatedSchema, { testRows: 500, metrics: [rocAuc(0.7)] })));
    expect(events).toMatchObject([{ $typeName: 'refit.run.v1.ModelAccepted', championVersion: 0 }]);
  });

  it('rejects a model that is worse, and raises an alert that says why', async () => {
    const [alert, rejected] = await step().work(judging(event(ModelEvaluatedSchema, { testRows: 500, metrics: [rocAuc(0.7)], comparison: comparedWith(0.75) })));
    const why = "ROC AUC 0.7000 is 0.0500 below the champion's 0.7500 (v4) on the same 500 rows; allowed 0.0100.";
    expect(alert).toMatchObject({ $typeName: 'refit.run.v1.AlertRaised', kind: 'model-validation', severity: FindingSeverity.FAILURE, message: why });
    expect(rejected).toMatchObject({ $typeName: ModelRejectedSchema.typeName, championVersion: 4, gates: [{ message: why }] });
  });
});

describe('a refusal', () => {
  const worse = (artifactHash: string, championVersion = 4, championArtifactHash = 'champion') =>
    event(ModelEvaluatedSchema, { artifactHash, testRows: 500, metrics: [rocAuc(0.7)], comparison: { ...comparedWith(0.75), championVersion, championArtifactHash } });

  /** A run of the pipeline that came before this one. */
  async function before(runId: string, ...events: RunEvent[]) {
    await store.append(runStream(runId), toNewEvents(events, {}), 'no-stream');
    await store.append(triggerStream('delays'), toNewEvents([event(RunClosedSchema, { runId })], {}), 'any');
  }
  const refused = (runId: string, evaluated: RunEvent, requested = request()) =>
    before(runId, requested, evaluated, event(ModelRejectedSchema, {}), event(RunCompletedSchema, { outcome: RunOutcome.MODEL_REJECTED }));
  const raisesAlert = async (requested: RunEvent, evaluated: RunEvent) => (await step().work(judgingFor(requested, evaluated))).length === 2;
  const bySchedule = request(ReasonKind.SCHEDULE);

  it('is news the first time, and not when a schedule comes to the very same one again', async () => {
    expect(await raisesAlert(bySchedule, worse('m1'))).toBe(true);
    await refused('r1', worse('m1'));
    expect(await raisesAlert(bySchedule, worse('m1'))).toBe(false);
    await before('r2', request(), event(RunFailedSchema, { step: Step.EVALUATE }));
    await refused('r3', worse('other'), request(ReasonKind.BACKFILL));
    expect(await raisesAlert(bySchedule, worse('m1'))).toBe(false);
  });

  it('is news when a person, data or decay asked for the run', async () => {
    await refused('r1', worse('m1'));
    for (const kind of [ReasonKind.MANUAL, ReasonKind.DATA_ARRIVAL, ReasonKind.DECAY]) expect(await raisesAlert(request(kind), worse('m1'))).toBe(true);
  });

  it('is news of another model, against another champion, by other gates, and after a model that was accepted', async () => {
    await refused('r1', worse('m1'));
    expect(await raisesAlert(bySchedule, worse('m2'))).toBe(true);
    expect(await raisesAlert(bySchedule, worse('m1', 5))).toBe(true);
    expect(await raisesAlert(request(ReasonKind.SCHEDULE, 'changed'), worse('m1'))).toBe(true);
    await before('r2', request(), worse('m3'), event(RunCompletedSchema, { outcome: RunOutcome.REGISTERED }));
    expect(await raisesAlert(bySchedule, worse('m1'))).toBe(true);
  });

  it('of the champion itself, which a schedule has trained again on the same data, is no news', async () => {
    expect(await raisesAlert(bySchedule, worse('champion'))).toBe(false);
  });
});
