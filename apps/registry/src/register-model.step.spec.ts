import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  ComparisonOutdatedSchema, DataIngestedSchema, DataTransformedSchema, DataValidatedSchema, decodeEvent, event, GateVerdict, ModelAcceptedSchema, ModelEvaluatedSchema,
  modelStream, ModelTrainedSchema, PipelineSpecSchema, RunRequestedSchema, SplitKind, Step, StepClaimedSchema, Task, TrainerKind,
  type DomainEvent, type RunEvent,
} from '@refit/contracts';
import type { EventStore } from '@refit/event-store';
import { openSqliteEventStore } from '@refit/event-store/sqlite';
import { championOf, modelDecider } from '@refit/model-registry';
import { allSteps, evolveRun, initialRun } from '@refit/run';
import { load, type StepContext } from '@refit/saga';
import type { Runtime } from '@refit/service';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { RegisterModelStep } from './register-model.step.js';

const folder = mkdtempSync(join(tmpdir(), 'refit-registry-'));
let store: EventStore;
let step: RegisterModelStep;
let opened = 0;

beforeEach(async () => {
  opened += 1;
  store = await openSqliteEventStore({ file: join(folder, `${opened}.sqlite`) });
  step = new RegisterModelStep({ store } as Runtime); // it uses nothing else
});
afterEach(async () => {
  await store.close();
});
afterAll(() => rmSync(folder, { recursive: true }));

const spec = event(PipelineSpecSchema, { name: 'delays', registration: { model: 'delays', promote: true } });

/** The context of a run whose model was accepted in comparison with a champion (0: there was none). */
function accepted(runId: string, championVersion: number, options: { round?: number; spec?: typeof spec } = {}): StepContext {
  const events: RunEvent[] = [
    event(RunRequestedSchema, { runId, pipeline: 'delays', specVersion: 3, specHash: 'spec', plan: allSteps.slice(0, -1) }),
    event(DataIngestedSchema, { dataset: 'flights', datasetVersion: 5, window: { hash: 'snapshot', rows: 1000 } }),
    event(DataValidatedSchema, { schemaVersion: 2 }),
    event(DataTransformedSchema, { task: Task.BINARY, classes: ['false', 'true'], transformsHash: 'transforms', split: { kind: SplitKind.HASH, salt: 'delays', testBelow: 0.2 } }),
    event(ModelTrainedSchema, { trainer: TrainerKind.LINEAR, parameters: { l2: 1 }, seed: 7, artifactHash: `artifact of ${runId}`, artifactBytes: 900 }),
    event(ModelEvaluatedSchema, { metrics: [{ name: 'rocAuc', value: 0.7, rows: 200 }, { name: 'rocAuc', slice: 'origin=ATL', value: 0.6, rows: 50 }] }),
    ...(options.round ? [event(ComparisonOutdatedSchema, { round: options.round })] : []),
    event(ModelAcceptedSchema, { championVersion, gates: [{ name: 'good', metric: 'rocAuc', verdict: GateVerdict.PASS, value: 0.7 }] }),
    event(StepClaimedSchema, { step: Step.REGISTER, attempt: 1, leaseId: 'lease', instanceId: 'instance' }),
  ];
  return {
    runId, run: events.reduce(evolveRun, initialRun), spec: options.spec ?? spec,
    attempt: 1, causationId: 'cause', signal: new AbortController().signal, progress: () => {}, now: () => 1000,
  };
}

async function modelEvents(): Promise<DomainEvent[]> {
  const events: DomainEvent[] = [];
  for await (const recorded of store.readStream(modelStream('delays'))) {
    const decoded = decodeEvent(recorded);
    if (decoded) events.push(decoded);
  }
  return events;
}
const champion = async () => championOf((await load(store, modelStream('delays'), modelDecider)).state);

describe('registering a model that was accepted', () => {
  it('records all that is needed to make it again, and makes it champion', async () => {
    const outcome = await step.work(accepted('run-a', 0));
    expect(outcome).toMatchObject([{ $typeName: 'refit.run.v1.ModelRegistered', model: 'delays', version: 1, promoted: true, previousChampion: 0 }]);
    expect(await champion()).toMatchObject({
      version: 1, runId: 'run-a', pipeline: 'delays', specVersion: 3, specHash: 'spec', snapshot: { hash: 'snapshot' }, datasetVersion: 5, schemaVersion: 2,
      transformsHash: 'transforms', split: { salt: 'delays', testBelow: 0.2 }, task: Task.BINARY, classes: ['false', 'true'], trainer: TrainerKind.LINEAR,
      parameters: { l2: 1 }, seed: 7, artifactHash: 'artifact of run-a', metrics: [{ name: 'rocAuc', slice: '', value: 0.7 }], gates: [{ name: 'good' }],
    });
  });

  it('leaves the champion alone when the pipeline does not promote', async () => {
    await step.work(accepted('run-a', 0));
    const quiet = event(PipelineSpecSchema, { name: 'delays', registration: { model: 'delays', promote: false } });
    expect(await step.work(accepted('run-b', 1, { spec: quiet }))).toMatchObject([{ version: 2, promoted: false, previousChampion: 1 }]);
    expect((await champion())?.version).toBe(1);
  });

  it('gives the same version, and moves nothing, when it is executed again after a crash between the two streams', async () => {
    const first = await step.work(accepted('run-a', 0)); // …and the process dies before the run hears of it
    expect(await step.work(accepted('run-a', 0))).toEqual(first);
    expect((await modelEvents()).map((e) => e.$typeName)).toEqual(['refit.model.v1.VersionRegistered', 'refit.model.v1.AliasMoved']);
  });

  it('still gives the same version when another became champion before it was executed again', async () => {
    const first = await step.work(accepted('run-a', 0));
    await step.work(accepted('run-b', 1));
    expect(await step.work(accepted('run-a', 0))).toEqual(first);
    expect((await champion())?.runId).toBe('run-b');
  });

  it('writes nothing once the step was stopped', async () => {
    const stopped = { ...accepted('run-a', 0), signal: AbortSignal.abort(new Error('cancelled')) };
    await expect(step.work(stopped)).rejects.toThrow('cancelled');
    expect(await modelEvents()).toEqual([]);
  });
});

describe('two challengers that finish at once', () => {
  it.each([
    ['with a champion', 1],
    ['as the first models', 0],
  ])('%s: exactly one wins, the other is compared again', async (_, compared) => {
    if (compared === 1) await step.work(accepted('run-0', 0));
    const elsewhere = await openSqliteEventStore({ file: join(folder, `${opened}.sqlite`) }); // another process
    const other = new RegisterModelStep({ store: elsewhere } as Runtime); // as above
    const outcomes = (await Promise.all([step.work(accepted('run-a', compared)), other.work(accepted('run-b', compared, { round: 1 }))])).flat();
    await elsewhere.close();
    const won = outcomes.filter((e) => e.$typeName === 'refit.run.v1.ModelRegistered');
    const lost = outcomes.filter((e) => e.$typeName === 'refit.run.v1.ComparisonOutdated');
    expect(won).toMatchObject([{ version: compared + 1, promoted: true, previousChampion: compared }]);
    expect(lost).toMatchObject([{ comparedWith: compared, championVersion: compared + 1 }]);
    expect((await champion())?.version).toBe(compared + 1);
  });

  it('counts the rounds', async () => {
    await step.work(accepted('run-a', 0));
    expect(await step.work(accepted('run-b', 0, { round: 1 }))).toMatchObject([{ $typeName: 'refit.run.v1.ComparisonOutdated', round: 2 }]);
  });
});
