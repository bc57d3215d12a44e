import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { folderArtifactStore, type ArtifactStore } from '@refit/artifacts';
import {
  AliasMovedSchema, ComparisonOutdatedSchema, DataIngestedSchema, DataTransformedSchema, datasetStream, encodeEvent, event, modelStream, ModelTrainedSchema, PipelineSpecSchema,
  RunRequestedSchema, SnapshotSchema, SplitKind, Step, StepClaimedSchema, Task, VersionRegisteredSchema, WindowFrozenSchema, type ModelEvaluated, type RunEvent, type Snapshot,
} from '@refit/contracts';
import { withDuckDb } from '@refit/data';
import type { EventStore } from '@refit/event-store';
import { openSqliteEventStore } from '@refit/event-store/sqlite';
import { modelDecider } from '@refit/model-registry';
import { evolveRun, initialRun } from '@refit/run';
import { handle, toNewEvents, type StepContext } from '@refit/saga';
import type { Runtime } from '@refit/service';
import { encodeModelArtifact } from '@refit/trainers';
import type { LabelDefinition } from '@refit/transforms';
import type { JobContext, WorkerPool } from '@refit/workers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { EvaluateModelStep } from './evaluate-model.step.js';
import evaluate, { type EvaluationJob } from './evaluate.worker.js';
import { linearArtifact } from './testing/linear-artifact.js';

let folder: string;
let store: EventStore;
let artifacts: ArtifactStore;
let step: EvaluateModelStep;
let window: Snapshot;

const label: LabelDefinition = { column: 'delay', above: 15, task: 'binary', classes: ['delay <= 15', 'delay > 15'] };
const split = (until: number) => ({ kind: SplitKind.TIME, column: 'at', trainingFrom: 0, trainingUntil: until });

/** The worker's job in this thread, with its input and output cloned as between threads. */
const workers: WorkerPool = {
  async run<Input, Output>(_file: URL, input: Input, options: { signal: AbortSignal; progress?: JobContext['progress'] }) {
    options.signal.throwIfAborted();
    const job = structuredClone(input) as unknown as EvaluationJob; // the step runs no other
    const output: unknown = structuredClone(await evaluate(job, { signal: options.signal, native: (work) => work(), progress: options.progress ?? (() => {}) }));
    return output as Output; // as above
  },
  close: () => Promise.resolve(),
};

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'refit-evaluation-'));
  store = await openSqliteEventStore({ file: join(folder, 'events.sqlite') });
  artifacts = await folderArtifactStore(join(folder, 'artifacts'));
  step = new EvaluateModelStep({ store, artifacts, workers } as Runtime); // it uses nothing else
  // A hundred flights, one per second; every third one late, and those have the longer distance more often than not.
  const flights = `SELECT make_timestamp(i * 1000000) AS at, CAST(CASE WHEN i % 3 = 0 THEN 40 ELSE 5 END AS BIGINT) AS delay,
    CAST(CASE WHEN i % 3 = 0 THEN i % 5 ELSE i % 4 END AS BIGINT) AS distance, CASE WHEN i % 2 = 0 THEN 'ATL' ELSE 'BOS' END AS origin, i % 2 = 0 AS even
    FROM range(100) AS r(i)`;
  const file = join(folder, 'flights.parquet');
  await withDuckDb({ files: [file] }, (db) => db.run(`COPY (${flights}) TO '${file}' (FORMAT parquet)`));
  const types = { at: 'TIMESTAMP', delay: 'BIGINT', distance: 'BIGINT', origin: 'VARCHAR', even: 'BOOLEAN' };
  const columns = Object.entries(types).map(([name, type]) => ({ name, type }));
  window = event(SnapshotSchema, { hash: (await artifacts.putFile(file)).hash, rows: 100, columns });
});
afterAll(async () => {
  await store.close();
  rmSync(folder, { recursive: true });
});

/** A model that finds longer flights likelier to be late, stored; its hash. */
const storeModel = (slope: number) => artifacts.put(encodeModelArtifact(linearArtifact(label, { column: 'distance', intercepts: [-1], slopes: [slope] })));

const spec = (model: string) => event(PipelineSpecSchema, {
  name: 'delays', dataset: 'flights', registration: { model, promote: true }, evaluation: { slices: ['origin', 'even'], minimumSliceRows: 10, threshold: 0.5 },
  modelGate: {
    metrics: [
      { name: 'a', metric: 'primary', slice: 'origin=ATL', condition: { case: 'notWorseThanChampionBy', value: 0 } },
      { name: 'b', metric: 'recall', slice: 'even=true', condition: { case: 'atLeast', value: 0.1 } },
    ],
  },
});

async function evaluating(model: string, artifactHash: string, options: { round?: number; signal?: AbortSignal } = {}): Promise<StepContext> {
  const events: RunEvent[] = [
    event(RunRequestedSchema, { runId: 'run', pipeline: 'delays', plan: [Step.INGEST, Step.TRANSFORM, Step.TRAIN, Step.EVALUATE, Step.REGISTER] }),
    event(DataIngestedSchema, { dataset: 'flights', datasetVersion: 1, window }),
    event(DataTransformedSchema, { task: Task.BINARY, classes: [...label.classes], split: split(49_000) }),
    event(ModelTrainedSchema, { artifactHash }),
    ...(options.round ? [event(ComparisonOutdatedSchema, { round: options.round })] : []),
    event(StepClaimedSchema, { step: Step.EVALUATE, attempt: 1, leaseId: 'lease', instanceId: 'instance' }),
  ];
  return {
    runId: 'run', run: events.reduce(evolveRun, initialRun), spec: spec(model), attempt: 1, causationId: 'cause',
    signal: options.signal ?? new AbortController().signal, progress: () => {}, now: () => 1000,
  };
}

async function evaluated(context: StepContext): Promise<ModelEvaluated> {
  const [outcome] = await step.work(context);
  if (outcome?.$typeName !== 'refit.run.v1.ModelEvaluated') throw new Error(`unexpected ${outcome?.$typeName}`);
  return outcome;
}

/** Makes a stored model champion of a model, trained until a time in ms. */
const crown = (model: string, artifactHash: string, trainingUntil: number) =>
  handle(store, modelStream(model), modelDecider, () => [
    event(VersionRegisteredSchema, { version: 1, runId: 'earlier', artifactHash, split: split(trainingUntil), task: Task.BINARY }),
    event(AliasMovedSchema, { alias: 'champion', toVersion: 1, runId: 'earlier' }),
  ], {});

const valueOf = (metrics: ModelEvaluated['metrics'] | undefined, name: string, slice = '') => metrics?.find((m) => m.name === name && m.slice === slice)?.value;

describe('evaluating a trained model', () => {
  it('measures it on its test rows, overall and per slice, when there is no champion', async () => {
    const hash = await storeModel(1);
    const outcome = await evaluated(await evaluating('new', hash));
    expect(outcome).toMatchObject({ artifactHash: hash, testRows: 50, round: 0 });
    expect(outcome.comparison).toBeUndefined();
    // Of the rows 50 to 99, 17 are late (51, 54, … 99).
    expect(outcome.metrics.find((m) => m.name === 'accuracy' && m.slice === '')?.rows).toBe(50);
    expect(valueOf(outcome.metrics, 'rocAuc', 'origin=BOS')).toBeGreaterThan(0);
    expect(valueOf(outcome.metrics, 'recall', 'even=true')).toBeGreaterThan(0);
    expect(JSON.stringify(encodeEvent(outcome).data).length).toBeLessThan(65_536);
  });

  it('compares it with the champion on the rows that neither was trained on', async () => {
    const [good, bad] = [await storeModel(1), await storeModel(-1)];
    await crown('defended', bad, 69_000);
    const { comparison, testRows } = await evaluated(await evaluating('defended', good));
    expect(testRows).toBe(50);
    expect(comparison).toMatchObject({ model: 'defended', championVersion: 1, championArtifactHash: bad, rows: 30, impossibleBecause: '' });
    // The opposite ranking: the areas add up to one.
    expect((valueOf(comparison?.challenger, 'rocAuc') ?? 0) + (valueOf(comparison?.champion, 'rocAuc') ?? 0)).toBeCloseTo(1, 12);
    expect(comparison?.champion.filter((m) => m.slice !== '').map((m) => [m.name, m.slice, m.rows])).toEqual([['rocAuc', 'origin=ATL', 15]]);
  });

  it('gives the same outcome again', async () => {
    const context = await evaluating('defended', await storeModel(1));
    expect(await step.work(context)).toEqual(await step.work(context));
  });

  it('says in which round it compares', async () => {
    expect((await evaluated(await evaluating('defended', await storeModel(1), { round: 2 }))).round).toBe(2);
  });

  it('says that a comparison is impossible when the champion is no longer stored, and still measures the challenger', async () => {
    const gone = 'f'.repeat(64);
    await crown('lost', gone, 0);
    const { comparison, metrics } = await evaluated(await evaluating('lost', await storeModel(1)));
    expect(comparison).toMatchObject({ championVersion: 1, impossibleBecause: `its artifact ${gone} is no longer stored`, rows: 0, challenger: [] });
    expect(valueOf(metrics, 'rocAuc')).toBeGreaterThan(0);
  });

  it('says that a comparison is impossible when a random split would have to know rows again that were delivered again', async () => {
    const hash = await storeModel(-1);
    await handle(store, modelStream('shuffled'), modelDecider, () => [
      event(VersionRegisteredSchema, { version: 1, runId: 'earlier', artifactHash: hash, split: { kind: SplitKind.RANDOM, columns: ['distance'], testBelow: 0.5 }, task: Task.BINARY }),
      event(AliasMovedSchema, { alias: 'champion', toVersion: 1, runId: 'earlier' }),
    ], {});
    const windows = [['earlier', 'b0@1'], ['run', 'b0@2']].map(([runId = '', label = '']) => event(WindowFrozenSchema, { runId, batches: [label] }));
    await store.append(datasetStream('flights'), toNewEvents(windows, {}), 'no-stream');
    const { comparison, metrics } = await evaluated(await evaluating('shuffled', await storeModel(1)));
    expect(comparison).toMatchObject({ championVersion: 1, rows: 0, impossibleBecause: expect.stringContaining('batch b0 was delivered again since v1') });
    expect(valueOf(metrics, 'rocAuc')).toBeGreaterThan(0);
  });

  it('stops when it is told to', async () => {
    const context = await evaluating('new', await storeModel(1), { signal: AbortSignal.abort(new Error('cancelled')) });
    await expect(step.work(context)).rejects.toThrow('cancelled');
  });
});
