import { createHash } from 'node:crypto';
import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import { v7 as uuid } from 'uuid';
import {
  AliasMovedSchema, BatchIngestedSchema, BatchJudgedSchema, DataIngestedSchema, DataTransformedSchema, DataValidatedSchema, event, GateVerdict,
  ModelAcceptedSchema, ModelEvaluatedSchema, ModelRegisteredSchema, ModelTrainedSchema, ReasonJudgedSchema, ReasonKind, RunClosedSchema, RunCompletedSchema,
  RunOutcome, RunRequestedSchema, RunStartedSchema, SplitKind, Step, StepClaimedSchema, Task, TrainerKind, Verdict, VersionRegisteredSchema,
  WindowFrozenSchema, type DomainEvent, type RunEvent,
} from '@refit/contracts';

/** What one finished run left in the log. */
export interface PastRun {
  readonly runId: string;
  readonly trigger: readonly DomainEvent[];
  readonly run: readonly DomainEvent[];
  readonly dataset: readonly DomainEvent[];
  readonly model: readonly DomainEvent[];
}

const plan = [Step.INGEST, Step.VALIDATE, Step.TRANSFORM, Step.TRAIN, Step.EVALUATE, Step.JUDGE, Step.REGISTER];
const columns = ['date', 'delay', 'distance', 'origin', 'destination'].map((name) => ({ name, type: 'VARCHAR' }));
const features = ['hour', 'weekday', 'distance', 'origin', 'destination'];
const instanceId = uuid();

/** The `version`-th run of a pipeline, as those of the flights example are: its events have their number, kinds and sizes. */
export function pastRun(pipeline: string, version: number, specHash: string): PastRun {
  const runId = uuid();
  const at = timestampFromMs(1_790_000_000_000 + version * 3_600_000);
  const batch = { dataset: pipeline, name: `week-${version}`, uri: `file:///data/${pipeline}/week-${version}.parquet`, rows: 115_000 };
  const reason = { kind: ReasonKind.DATA_ARRIVAL, source: `warehouse/${pipeline}`, id: batch.name, summary: `data arrived: ${batch.name}`, occurredAt: at, batch };
  const snapshot = { hash: hash(`${runId} data`), rows: 345_000, columns, statisticsHash: hash(`${runId} statistics`), bytes: 2_500_000 };
  const split = { kind: SplitKind.TIME, column: 'date', trainingFrom: 982_540_800_000, trainingUntil: 984_381_000_000 };
  const parameters = { trees: 40, leaves: 31, learningRate: 0.15, bins: 64, minimumRowsPerLeaf: 20 };
  const model = { artifactHash: hash(`${runId} model`), artifactBytes: 31_000, transformsHash: hash(`${runId} transforms`) };
  const overall = metrics(['']);
  const gates = overall.slice(0, 2).map(({ name, value }) => ({
    name: `${name} at least 0.6`, metric: name, verdict: GateVerdict.PASS, value, threshold: 0.6, rows: 115_000,
    message: `${name} 0.6048 on 115,000 test rows is at least the required 0.6000.`,
  }));
  const outcomes: RunEvent[] = [
    event(DataIngestedSchema, { dataset: pipeline, datasetVersion: version, newBatches: [{ name: batch.name, version: 1, snapshot }], window: snapshot, windowBatches: [`${batch.name}@1`] }),
    event(DataValidatedSchema, { schemaVersion: 1, acceptedBatches: [batch.name], drift: features.flatMap((column) => drift(column, ['', batch.name])) }),
    event(DataTransformedSchema, { task: Task.BINARY, classes: ['no', 'yes'], split, trainingRows: 298_000, validationRows: 46_000, testRows: 115_000, transformsHash: model.transformsHash, features }),
    event(ModelTrainedSchema, { trainer: TrainerKind.GRADIENT_BOOSTING, parameters, seed: 1, rows: 298_000, trainingMetrics: overall, ...model }),
    event(ModelEvaluatedSchema, { artifactHash: model.artifactHash, testRows: 115_000, metrics: metrics(['', ...airports]) }),
    event(ModelAcceptedSchema, { gates, championVersion: version - 1 }),
    event(ModelRegisteredSchema, { model: pipeline, version, promoted: true, previousChampion: version - 1 }),
  ];
  return {
    runId,
    trigger: [
      event(ReasonJudgedSchema, { reason, verdict: Verdict.STARTED, why: `115,000 new rows: run ${runId} starts.`, runId }),
      event(RunStartedSchema, { runId, reason, reasonIds: [`${reason.source} ${reason.id}`], batches: [batch], specVersion: 1, specHash, startedAt: at }),
      event(RunClosedSchema, { runId, outcome: 'registered', batchesTaken: true, closedAt: at }),
    ],
    run: [
      event(RunRequestedSchema, { runId, pipeline, specVersion: 1, specHash, plan, reason, reasonIds: [`${reason.source} ${reason.id}`], batches: [batch], requestedAt: at }),
      ...plan.flatMap((step, i) => [event(StepClaimedSchema, { step, attempt: 1, leaseId: uuid(), instanceId, claimedAt: at }), ...outcomes.slice(i, i + 1)]),
      event(RunCompletedSchema, { outcome: RunOutcome.REGISTERED, summary: `registered ${pipeline} v${version}, now champion`, completedAt: at }),
    ],
    dataset: [
      event(BatchIngestedSchema, { batch, version: 1, snapshot, runId, sourceHash: hash(`${runId} source`) }),
      event(BatchJudgedSchema, { batch: batch.name, version: 1, pipeline, accepted: true, runId }),
      event(WindowFrozenSchema, { version, runId, snapshot, batches: [`${batch.name}@1`] }),
    ],
    model: [
      event(VersionRegisteredSchema, {
        version, runId, pipeline, specVersion: 1, specHash, snapshot, datasetVersion: version, schemaVersion: 1, split, trainer: TrainerKind.GRADIENT_BOOSTING,
        parameters, seed: 1, metrics: overall, gates, registeredAt: at, task: Task.BINARY, classes: ['no', 'yes'], ...model,
      }),
      event(AliasMovedSchema, { alias: 'champion', fromVersion: version - 1, toVersion: version, runId, reason: 'accepted by the model gate', movedAt: at }),
    ],
  };
}

const airports = Array.from({ length: 12 }, (_, i) => `origin=AP${i}`);

const metrics = (slices: readonly string[]) =>
  slices.flatMap((slice) => ['rocAuc', 'prAuc', 'logLoss', 'brierScore', 'accuracy'].map((name, i) => ({ name, slice, value: 0.6048306697931329 - i / 100, rows: 115_000 })));

const drift = (column: string, batches: readonly string[]) =>
  batches.map((batch) => ({ column, batch, measure: 'psi', value: 0.0123456789012345, warningAt: 0.1, failureAt: 0.25, rows: 115_000, referenceRows: 115_000 }));

const hash = (text: string) => createHash('sha256').update(text).digest('hex');
