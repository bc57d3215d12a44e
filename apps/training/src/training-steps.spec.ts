import { folderArtifactStore, type ArtifactStore } from '@refit/artifacts';
import {
  DataIngestedSchema, DatePart, event, isRefitError, PipelineSpecSchema, RunRequestedSchema, SnapshotSchema, SplitKind, Step, StepClaimedSchema, Task, TrainerKind,
  type DataTransformed, type ModelTrained, type PipelineSpec, type RunEvent, type Snapshot,
} from '@refit/contracts';
import { readColumns, withDuckDb } from '@refit/data';
import { evolveRun, initialRun } from '@refit/run';
import type { StepContext } from '@refit/saga';
import type { Runtime } from '@refit/service';
import { decodeModelArtifact, predict } from '@refit/trainers';
import { wasTrainedOn } from '@refit/transforms';
import { workerPool, type WorkerPool } from '@refit/workers';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TrainModelStep } from './train-model.step.js';
import { TransformDataStep } from './transform-data.step.js';

let folder: string;
let artifacts: ArtifactStore;
let workers: WorkerPool;
let window: Snapshot;
let steps: { transform: TransformDataStep; train: TrainModelStep };

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'refit-training-'));
  artifacts = await folderArtifactStore(join(folder, 'artifacts'));
  workers = workerPool({ threads: 1, memoryLimitMb: 256, logger: { error: () => undefined } });
  const runtime = { artifacts, workers } as Runtime; // the steps use nothing else
  steps = { transform: new TransformDataStep(runtime), train: new TrainModelStep(runtime) };
  // 2,000 flights, ten an hour; those of the evening are late three times out of four, the others once out of eight.
  const flights = `SELECT make_timestamp(i * 360000000) AS date, CAST(i % 97 AS BIGINT) AS distance, concat('A', i % 7) AS origin,
    CASE WHEN i % 100 = 99 THEN NULL ELSE CAST(CASE WHEN (i // 10) % 24 >= 18 THEN (i % 4) * 20 ELSE (i % 8) * 2.2 END AS BIGINT) END AS delay
    FROM range(2000) AS r(i)`;
  const file = join(folder, 'flights.parquet');
  await withDuckDb({ files: [file] }, (db) => db.run(`COPY (${flights}) TO '${file}' (FORMAT parquet)`));
  const columns = Object.entries({ date: 'TIMESTAMP', distance: 'BIGINT', origin: 'VARCHAR', delay: 'BIGINT' }).map(([name, type]) => ({ name, type }));
  window = event(SnapshotSchema, { hash: (await artifacts.putFile(file)).hash, rows: 2000, columns });
});
afterAll(async () => {
  await workers.close();
  rmSync(folder, { recursive: true });
});

const trainers = {
  linear: { kind: TrainerKind.LINEAR, linear: { l2: 1, maximumIterations: 100 } },
  boosting: {
    kind: TrainerKind.GRADIENT_BOOSTING,
    gradientBoosting: { trees: 10, leaves: 8, learningRate: 0.3, bins: 64, minimumRowsPerLeaf: 20, l2: 0, earlyStoppingRounds: 0 },
  },
};

const pipeline = (trainer: (typeof trainers)['linear'] | (typeof trainers)['boosting'], label = 'delay'): PipelineSpec =>
  event(PipelineSpecSchema, {
    name: 'delays',
    label: { column: label, above: 15 },
    features: { standardize: true, maximumCategories: 50, dateParts: [DatePart.HOUR, DatePart.MONTH] },
    split: { kind: SplitKind.TIME, column: 'date', testFraction: 0.25, validationFraction: 0.1 },
    trainer: { ...trainer, seed: 0 },
  });

function due(step: Step, spec: PipelineSpec, findings: readonly RunEvent[], signal = new AbortController().signal): StepContext {
  const events = [
    event(RunRequestedSchema, { runId: 'run', pipeline: 'delays', plan: [Step.INGEST, Step.TRANSFORM, Step.TRAIN, Step.EVALUATE] }),
    event(DataIngestedSchema, { dataset: 'flights', datasetVersion: 1, window }),
    ...findings,
    event(StepClaimedSchema, { step, attempt: 1, leaseId: 'lease', instanceId: 'instance' }),
  ];
  return { runId: 'run', run: events.reduce(evolveRun, initialRun), spec, attempt: 1, causationId: 'cause', signal, progress: () => undefined, now: () => 1000 };
}

async function transformed(spec: PipelineSpec): Promise<DataTransformed> {
  const [outcome] = await steps.transform.work(due(Step.TRANSFORM, spec, []));
  return outcome as DataTransformed; // the step's only outcome
}

async function trained(spec: PipelineSpec): Promise<ModelTrained> {
  const [outcome] = await steps.train.work(due(Step.TRAIN, spec, [await transformed(spec)]));
  return outcome as ModelTrained; // as above
}

describe('transforming data', () => {
  it('tells the task, the split by time, and the features by name', async () => {
    const outcome = await transformed(pipeline(trainers.boosting));
    // 20 rows have no label; of the other 1,980 the newest quarter is for the test and the tenth before for validation.
    expect(outcome).toMatchObject({
      task: Task.BINARY, classes: ['delay <= 15', 'delay > 15'], droppedRows: 20, trainingRows: 1287, validationRows: 198, testRows: 495,
      features: ['date.hour', 'distance', 'origin'], split: { kind: SplitKind.TIME, column: 'date', trainingFrom: 0 },
    });
    expect(await artifacts.getJson(outcome.transformsHash)).toMatchObject({ format: 'refit/transforms/v1', features: ['date.hour', 'distance', 'origin'] });
  });

  it('refuses a label that is not there', async () => {
    const refused = await steps.transform.work(due(Step.TRANSFORM, pipeline(trainers.linear, 'dealy'), [])).catch((error: unknown) => error);
    expect(isRefitError(refused, 'LABEL_MISSING')).toBe(true);
    expect((refused as Error).message).toContain('the data has no column "dealy" for the label (did you mean "delay"? the columns: ');
  });
});

describe.each(Object.entries(trainers))('training a %s model', (_, trainer) => {
  it('finds that evening flights are late, on rows that it has not seen', async () => {
    const spec = pipeline(trainer);
    const outcome = await trained(spec);
    const artifact = decodeModelArtifact(await artifacts.get(outcome.artifactHash));
    const table = await readColumns(await artifacts.path(window.hash));
    const { split } = await transformed(spec);
    const unseen = wasTrainedOn(split!, table);
    const test = Uint32Array.from(Array.from({ length: 2000 }, (_row, row) => row).filter((row) => unseen[row] === 0));
    const evening = (row: number) => Math.floor(row / 10) % 24 >= 18;
    const probabilities = predict(artifact, table, test);
    const mean = (rows: number[]) => rows.reduce((sum, i) => sum + probabilities[i]!, 0) / rows.length;
    const places = [...test.keys()];
    expect(mean(places.filter((i) => evening(test[i]!)))).toBeGreaterThan(mean(places.filter((i) => !evening(test[i]!))) + 0.2);
  });

  it('records parameters, seed, sizes and losses', async () => {
    const outcome = await trained(pipeline(trainer));
    expect(outcome).toMatchObject({ trainer: trainer.kind, seed: 0, rows: 1287 });
    expect(outcome.parameters).toEqual('linear' in trainer ? trainer.linear : trainer.gradientBoosting);
    expect(outcome.artifactBytes).toBe((await artifacts.get(outcome.artifactHash)).byteLength);
    expect(outcome.trainingMetrics).toContainEqual(expect.objectContaining({ name: 'validation.logLoss', rows: 198, value: expect.any(Number) }));
  });

  it('gives the same bytes again', async () => {
    const spec = pipeline(trainer);
    expect((await trained(spec)).artifactHash).toBe((await trained(spec)).artifactHash);
  });
});

it('stops training when the run is cancelled', async () => {
  const spec = pipeline({ ...trainers.boosting, gradientBoosting: { ...trainers.boosting.gradientBoosting, trees: 10_000 } });
  const transforms = await transformed(spec);
  const controller = new AbortController();
  const work = steps.train.work({ ...due(Step.TRAIN, spec, [transforms], controller.signal), progress: () => controller.abort(new Error('cancelled')) });
  await expect(work).rejects.toThrow('cancelled');
});
