import { create, type MessageInitShape } from '@bufbuild/protobuf';
import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import {
  AlertKind, AlertRaisedSchema, DataIngestedSchema, DataTransformedSchema, DataValidatedSchema, encodeEvent, event, EventSchema, FindingSeverity, GateVerdict,
  ModelEvaluatedSchema, ModelRejectedSchema, ModelTrainedSchema, ReasonKind, RunCompletedSchema, RunOutcome, RunRequestedSchema, RunSchema, Step, StepClaimedSchema,
  TrainerKind, type DomainEvent, type Event, type Run,
} from '@refit/contracts';

export const runId = '019b7840-1234-7abc-8def-0123456789ab';
export const noon = Date.UTC(2026, 0, 1, 12);

/** A run that a model gate refused, a minute before noon; each step took half a second. */
export function sampleRun(init: MessageInitShape<typeof RunSchema> = {}): Run {
  const standard: MessageInitShape<typeof RunSchema> = {
    runId, pipeline: 'flights-delay', specVersion: 2, status: 'completed', outcome: 'model-rejected', summary: 'ROC AUC 0.6120 is 0.0380 below the required 0.6500.',
    reason: { kind: ReasonKind.DATA_ARRIVAL, source: '/exports', id: 'w07', summary: 'week-07.parquet arrived' },
    requestedAt: timestampFromMs(noon - 60_000), endedAt: timestampFromMs(noon - 55_000),
  };
  return create(RunSchema, Object.assign(standard, init));
}

const plan = [Step.INGEST, Step.VALIDATE, Step.TRANSFORM, Step.TRAIN, Step.EVALUATE, Step.JUDGE, Step.REGISTER];

const outcomes: readonly (readonly [Step, DomainEvent])[] = [
  [Step.INGEST, event(DataIngestedSchema, { dataset: 'flights', window: { rows: 460_000 }, windowBatches: ['w04@1', 'w05@1', 'w06@1', 'w07@1'], newBatches: [{ name: 'week-07.parquet', version: 1 }] })],
  [Step.VALIDATE, event(DataValidatedSchema, { schemaVersion: 1, anomalies: [{ kind: 'HIGH_DRIFT', severity: FindingSeverity.WARNING, column: 'distance', batch: 'week-07.parquet', message: 'PSI 0.15 is above the warning at 0.1.', alertKind: AlertKind.DISTRIBUTION }] })],
  [Step.TRANSFORM, event(DataTransformedSchema, { features: ['distance', 'origin=ATL'], trainingRows: 322_000, validationRows: 46_000, testRows: 92_000 })],
  [Step.TRAIN, event(ModelTrainedSchema, { trainer: TrainerKind.GRADIENT_BOOSTING, parameters: { trees: 40 }, seed: 1, artifactHash: 'ab'.repeat(32), rows: 322_000 })],
  [Step.EVALUATE, event(ModelEvaluatedSchema, { testRows: 92_000, metrics: [{ name: 'rocAuc', value: 0.612, rows: 92_000 }], comparison: { model: 'flights-delay', championVersion: 3, rows: 90_000, challenger: [{ name: 'rocAuc', value: 0.61, rows: 90_000 }], champion: [{ name: 'rocAuc', value: 0.66, rows: 90_000 }] } })],
];

/** The journal of the run, each event half a second after the one before. */
export function sampleEvents(): Event[] {
  const steps = outcomes.flatMap(([step, outcome]) => [claim(step), outcome]);
  const gates = [
    { name: 'rocAuc at least 0.65', metric: 'rocAuc', verdict: GateVerdict.FAIL, value: 0.612, threshold: 0.65, rows: 92_000, message: 'ROC AUC 0.6120 is 0.0380 below the required 0.6500.' },
    { name: 'rocAuc not worse than champion', metric: 'rocAuc', verdict: GateVerdict.FAIL, value: 0.61, championValue: 0.66, rows: 90_000, message: 'ROC AUC 0.6100 is 0.0500 below the champion.' },
  ];
  return [
    event(RunRequestedSchema, { runId, pipeline: 'flights-delay', specVersion: 2, plan, reasonIds: ['/exports w07'] }),
    ...steps,
    claim(Step.JUDGE),
    event(AlertRaisedSchema, { kind: 'model-validation', severity: FindingSeverity.FAILURE, title: 'flights-delay: the model gate says no', message: 'ROC AUC is too low.', raisedAt: timestampFromMs(noon - 55_500) }),
    event(ModelRejectedSchema, { gates, championVersion: 3 }),
    event(RunCompletedSchema, { outcome: RunOutcome.MODEL_REJECTED, summary: 'ROC AUC 0.6120 is 0.0380 below the required 0.6500.' }),
  ].map(recorded);
}

const claim = (step: Step) => event(StepClaimedSchema, { step, attempt: 1, leaseId: 'l', instanceId: 'i' });

/** An event as the server sends it. */
export const recorded = (message: DomainEvent, revision: number): Event =>
  create(EventSchema, { stream: `run-${runId}`, revision, position: String(100 + revision), id: `e${revision}`, recordedAt: timestampFromMs(noon - 60_000 + revision * 500), ...encodeEvent(message) });
