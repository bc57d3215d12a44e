import { clone, fromBinary, fromJson, type DescMessage, type JsonValue, type MessageShape } from '@bufbuild/protobuf';
import { DataFormatSchema, DecaySeveritySchema } from '../gen/refit/pipeline/v1/spec_pb.js';
import { DecayDetectedSchema, type DecayDetected } from '../gen/refit/trigger/v1/decay_detected_pb.js';
import { BatchSchema, type Batch } from '../gen/refit/trigger/v1/events_pb.js';
import { invalid, shorten, type EventData } from './envelope.js';

/** Longest names and addresses taken, in characters. */
const limits = { name: 200, uri: 1024, summary: 500 } as const;

/** `refit.trigger.v1.Batch`. */
export const readBatch = (data: EventData): Batch =>
  completeBatch(readMessage(BatchSchema, data, (json) => ({ ...json, ...enumMember(json, 'format', DataFormatSchema.values, 'DATA_FORMAT_') })));

/** `refit.trigger.v1.DecayDetected`; in JSON the severity may be said short: low, medium, high. */
export const readDecay = (data: EventData): DecayDetected =>
  completeDecay(readMessage(DecayDetectedSchema, data, (json) => ({ ...json, ...enumMember(json, 'severity', DecaySeveritySchema.values, 'DECAY_SEVERITY_') })));

/**
 * The batch with its name: a batch without one is called as its file is.
 *
 * @throws RefitError CLOUD_EVENT_INVALID when the dataset or the address is missing or too long
 */
export function completeBatch(given: Batch): Batch {
  const batch = clone(BatchSchema, given);
  bounded('dataset', batch.dataset, limits.name);
  bounded('uri', batch.uri, limits.uri);
  if (batch.name === '') batch.name = fileName(batch.uri).slice(0, limits.name);
  bounded('name', batch.name, limits.name);
  return batch;
}

/** @throws RefitError CLOUD_EVENT_INVALID when the pipeline or the severity is missing, or a text is too long */
export function completeDecay(decay: DecayDetected): DecayDetected {
  bounded('pipeline', decay.pipeline, limits.name);
  if (decay.severity === 0) throw invalid('data.severity is missing; say low, medium or high');
  if (decay.summary.length > limits.summary) throw invalid(`data.summary has ${decay.summary.length} characters; at most ${limits.summary} are taken`);
  return decay;
}

type JsonFields = Readonly<Record<string, JsonValue>>;

function readMessage<S extends DescMessage>(schema: S, data: EventData, prepare: (json: JsonFields) => JsonFields): MessageShape<S> {
  if (data.kind === 'none') throw invalid(`the event has no data; it must carry a ${schema.typeName}`);
  if (data.kind === 'json') {
    const json = prepare(jsonObject(data.value, schema.typeName));
    return decoded(schema, () => fromJson(schema, json, { ignoreUnknownFields: true }));
  }
  if (data.typeName !== undefined && data.typeName !== schema.typeName) {
    throw invalid(`the data is a "${shorten(data.typeName)}"; an event of this type carries a ${schema.typeName}`);
  }
  return decoded(schema, () => fromBinary(schema, data.bytes));
}

function decoded<S extends DescMessage>(schema: S, decode: () => MessageShape<S>): MessageShape<S> {
  try {
    return decode();
  } catch (cause) {
    throw invalid(`the data is not a ${schema.typeName}: ${(cause as Error).message}`, cause); // protobuf throws Errors only
  }
}

function jsonObject(value: unknown, typeName: string): JsonFields {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    const found = value === null ? 'null' : Array.isArray(value) ? 'an array' : `a ${typeof value}`;
    throw invalid(`the data is ${found}; it must be a JSON object with the fields of ${typeName}`);
  }
  return value as JsonFields; // parsed JSON
}

/** `{"format": "csv"}` → `{"format": "DATA_FORMAT_CSV"}`; the full name and the number stay as they are. */
function enumMember(json: JsonFields, field: string, values: readonly { readonly name: string }[], prefix: string): JsonFields {
  const given = json[field];
  if (typeof given !== 'string') return {};
  const wanted = given.toUpperCase().replaceAll('-', '_');
  const name = wanted.startsWith(prefix) ? wanted : prefix + wanted;
  if (!values.some((value) => value.name === name)) {
    const known = values.slice(1).map((value) => value.name.slice(prefix.length).toLowerCase().replaceAll('_', '-'));
    throw invalid(`data.${field} is "${shorten(given)}"; it must be one of ${known.join(', ')}`);
  }
  return { [field]: name };
}

function bounded(field: string, value: string, limit: number): void {
  if (value === '') throw invalid(`data.${field} is missing`);
  if (value.length > limit) throw invalid(`data.${field} has ${value.length} characters; at most ${limit} are taken`);
}

/** `file:///data/flights-2001-w05.csv?v=2` → `flights-2001-w05`. */
function fileName(uri: string): string {
  const path = uri.replace(/[?#].*$/s, '').replace(/\/+$/, '');
  const name = path.slice(path.lastIndexOf('/') + 1);
  return name.replace(/(?<=.)\.(gz|zst)$/i, '').replace(/(?<=.)\.[^.]*$/, '');
}
