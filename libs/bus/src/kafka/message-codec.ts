import type { JsonObject, JsonValue } from '@bufbuild/protobuf';
import type { BusMessage } from '../bus.js';
import type { FetchedRecord } from './kafka-client.js';

/** What goes on the wire, whatever topic it goes to. */
export interface EncodedMessage {
  readonly key: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly value: Buffer;
}

const source = 'refit';

/** Metadata that tools look for, each as a CloudEvents attribute of its own. */
const namedMetadata = [
  ['$correlationId', 'ce_correlationid'],
  ['$causationId', 'ce_causationid'],
  ['actor', 'ce_actor'],
  ['traceparent', 'ce_traceparent'],
] as const;

/**
 * A message as a CloudEvents 1.0 event in the Kafka binding's binary mode: attributes in headers, the event's proto3 JSON
 * as the value, the stream as the key. What CloudEvents has no name for are extension attributes: `revision`,
 * `position`, and the metadata, of which what cannot be an attribute is JSON in `metadata`.
 */
export function encodeMessage({ id, type, data, metadata, stream, revision, position, recordedAt }: BusMessage): EncodedMessage {
  const { attributes, rest } = metadataAttributes(metadata);
  return {
    key: stream,
    headers: {
      ce_specversion: '1.0',
      ce_id: id,
      ce_source: source,
      ce_type: type,
      ce_subject: stream,
      ce_time: new Date(recordedAt).toISOString(),
      'content-type': 'application/json',
      ce_revision: String(revision),
      ce_position: position,
      ...attributes,
      ...(Object.keys(rest).length > 0 && { ce_metadata: JSON.stringify(rest) }),
    },
    value: Buffer.from(JSON.stringify(data)),
  };
}

/** What cannot be read is no error of ours: a topic may hold anything. */
export class UnreadableMessage extends Error {
  override readonly name = 'UnreadableMessage';
}

/** The message that `encodeMessage` was given. @throws UnreadableMessage saying what is missing or wrong */
export function decodeMessage({ headers, value }: Pick<FetchedRecord, 'headers' | 'value'>): BusMessage {
  const attributes = textHeaders(headers);
  const required = (name: string) => attributes.get(name) ?? unreadable(`it has no header ${name}`);
  const version = required('ce_specversion');
  if (version !== '1.0') unreadable(`its CloudEvents version is ${shorten(version)}, not 1.0`);
  return {
    id: required('ce_id'),
    type: required('ce_type'),
    data: jsonObject(value, 'its value'),
    metadata: readMetadata(attributes),
    stream: required('ce_subject'),
    revision: readRevision(required('ce_revision')),
    position: readPosition(required('ce_position')),
    recordedAt: readTime(required('ce_time')),
  };
}

function metadataAttributes(metadata: JsonObject) {
  const attributes: Record<string, string> = {};
  const rest = { ...metadata };
  for (const [name, attribute] of namedMetadata) {
    const value = metadata[name];
    if (!isAttribute(value)) continue;
    attributes[attribute] = value;
    delete rest[name];
  }
  return { attributes, rest };
}

/** CloudEvents strings hold no control characters and no half characters. */
const isAttribute = (value: JsonValue | undefined): value is string =>
  typeof value === 'string' && value.isWellFormed() && !/[\p{Cc}\p{Noncharacter_Code_Point}]/u.test(value);

function readMetadata(attributes: ReadonlyMap<string, string>): JsonObject {
  const rest = attributes.get('ce_metadata');
  const metadata: JsonObject = rest === undefined ? {} : jsonObject(Buffer.from(rest), 'its header ce_metadata');
  for (const [name, attribute] of namedMetadata) {
    const value = attributes.get(attribute);
    if (value !== undefined) metadata[name] = value;
  }
  return metadata;
}

/** The first of each name counts; what is no UTF-8 cannot be one of ours. */
export function textHeaders(headers: FetchedRecord['headers']): ReadonlyMap<string, string> {
  const texts = new Map<string, string>();
  for (const [name, value] of headers) {
    const text = utf8(value);
    if (text !== undefined && !texts.has(name)) texts.set(name, text);
  }
  return texts;
}

function jsonObject(bytes: Buffer, what: string): JsonObject {
  const text = utf8(bytes);
  if (text === undefined) return unreadable(`${what} is no UTF-8`);
  const value = parse(text, what);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return unreadable(`${what} is no JSON object`);
  return value as JsonObject; // an object that came out of JSON.parse
}

function parse(text: string, what: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return unreadable(`${what} is not JSON`);
  }
}

function readRevision(text: string): number {
  const revision = /^\d{1,16}$/.test(text) ? Number(text) : Number.NaN;
  return Number.isSafeInteger(revision) ? revision : unreadable(`its revision is ${shorten(text)}`);
}

const readPosition = (text: string) => (/^\d{1,40}$/.test(text) ? text : unreadable(`its position is ${shorten(text)}`));

function readTime(text: string): number {
  const time = Date.parse(text);
  return Number.isNaN(time) ? unreadable(`its time is ${shorten(text)}`) : time;
}

const strictUtf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

function utf8(bytes: Buffer): string | undefined {
  try {
    return strictUtf8.decode(bytes);
  } catch {
    return undefined;
  }
}

const shorten = (text: string) => JSON.stringify(text.length > 40 ? `${text.slice(0, 40)}…` : text);

function unreadable(why: string): never {
  throw new UnreadableMessage(why);
}
