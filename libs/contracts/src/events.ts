import { create, fromJson, toJson, type DescMessage, type JsonObject, type MessageInitShape, type MessageShape } from '@bufbuild/protobuf';
import { RefitError } from './errors.js';
import * as dataset from './gen/refit/dataset/v1/events_pb.js';
import * as model from './gen/refit/model/v1/events_pb.js';
import * as pipeline from './gen/refit/pipeline/v1/events_pb.js';
import * as run from './gen/refit/run/v1/events_pb.js';
import * as schema from './gen/refit/schema/v1/events_pb.js';
import * as offenders from './gen/refit/schema/v1/offenders_pb.js';
import * as validation from './gen/refit/validation/v1/events_pb.js';
import * as deadLetters from './gen/refit/trigger/v1/dead_letters_pb.js';
import * as trigger from './gen/refit/trigger/v1/events_pb.js';

const runEvents = [
  run.RunRequestedSchema, run.StepClaimedSchema, run.StepFailedSchema, run.StepRetriedSchema, run.RunFailedSchema,
  run.RunCancelledSchema, run.RunCompletedSchema, run.AlertRaisedSchema, run.DataIngestedSchema, run.DataValidatedSchema,
  run.DataRejectedSchema, run.DataTransformedSchema, run.ModelTrainedSchema, run.ModelEvaluatedSchema, run.ModelAcceptedSchema,
  run.ModelRejectedSchema, run.ComparisonOutdatedSchema, run.ModelRegisteredSchema, run.ModelDeployedSchema,
] as const;
const triggerEvents = [
  trigger.ReasonJudgedSchema, trigger.RunStartedSchema, trigger.RunClosedSchema, trigger.RunReopenedSchema, trigger.RunReplacedSchema,
  trigger.BackfillRequestedSchema, trigger.BackfillCancelledSchema,
] as const;
const pipelineEvents = [pipeline.PipelineAppliedSchema, pipeline.PipelinePausedSchema, pipeline.PipelineResumedSchema] as const;
const datasetEvents = [dataset.BatchIngestedSchema, dataset.BatchJudgedSchema, dataset.BatchReopenedSchema, dataset.WindowFrozenSchema] as const;
const schemaEvents = [
  schema.SchemaInferredSchema, validation.ChangesProposedSchema, validation.ProposalsDecidedSchema, validation.SchemaChangedSchema, validation.ReferenceReplacedSchema,
  validation.BatchClearedSchema,
] as const;
const offendersEvents = [offenders.OffendersKeptSchema, offenders.OffendersForgottenSchema] as const;
const modelEvents = [model.VersionRegisteredSchema, model.AliasMovedSchema] as const;
const deadLetterEvents = [deadLetters.DeadLetterParkedSchema, deadLetters.DeadLetterRetriedSchema, deadLetters.DeadLetterDiscardedSchema] as const;

/** An event of a stream is its protobuf message; `$typeName` tells which. */
export type RunEvent = MessageShape<(typeof runEvents)[number]>;
export type TriggerEvent = MessageShape<(typeof triggerEvents)[number]>;
export type PipelineEvent = MessageShape<(typeof pipelineEvents)[number]>;
export type DatasetEvent = MessageShape<(typeof datasetEvents)[number]>;
export type SchemaEvent = MessageShape<(typeof schemaEvents)[number]>;
export type OffendersEvent = MessageShape<(typeof offendersEvents)[number]>;
export type ModelEvent = MessageShape<(typeof modelEvents)[number]>;
export type DeadLetterEvent = MessageShape<(typeof deadLetterEvents)[number]>;
export type DomainEvent = RunEvent | TriggerEvent | PipelineEvent | DatasetEvent | SchemaEvent | OffendersEvent | ModelEvent | DeadLetterEvent;

const schemas: ReadonlyMap<string, DescMessage> = new Map(
  [...runEvents, ...triggerEvents, ...pipelineEvents, ...datasetEvents, ...schemaEvents, ...offendersEvents, ...modelEvents, ...deadLetterEvents].map(
    (s): [string, DescMessage] => [s.typeName, s],
  ),
);

/** Every event type of the log by its full name, `refit.run.v1.RunRequested`. */
export const eventTypes: readonly string[] = [...schemas.keys()];

/** `refit.run.v1.RunRequested` → `RunRequested`. */
export const shortTypeName = (type: string) => type.slice(type.lastIndexOf('.') + 1);

/** Make an event: `event(StepClaimedSchema, {step, attempt, …})`. */
export const event = <S extends DescMessage>(schema: S, init: MessageInitShape<S>): MessageShape<S> => create(schema, init);

/** The event as it is stored and sent: its full type name and its proto3 JSON. */
export function encodeEvent(message: DomainEvent): { type: string; data: JsonObject } {
  const schema = schemas.get(message.$typeName);
  if (!schema) throw new RefitError('INTERNAL', `${message.$typeName} is not a registered event type`);
  return { type: message.$typeName, data: toJson(schema, message) as JsonObject }; // a message's JSON is an object
}

/**
 * A stored event as its message; undefined when this version does not know the type. Unknown fields and enum values
 * are passed over.
 *
 * @throws RefitError EVENT_UNREADABLE when the data does not fit the type
 */
export function decodeEvent(stored: { readonly type: string; readonly data: JsonObject }): DomainEvent | undefined {
  const schema = schemas.get(stored.type);
  if (!schema) return undefined;
  try {
    return fromJson(schema, stored.data, { ignoreUnknownFields: true }) as DomainEvent; // `schemas` holds no other
  } catch (cause) {
    throw new RefitError('EVENT_UNREADABLE', `event data does not fit ${stored.type}: ${(cause as Error).message}`, { cause });
  }
}
