import { RefitError } from '../errors.js';

/** What the event carries: a JSON value, or protobuf bytes (with the message's full name, where the sender gave it). */
export type EventData =
  | { readonly kind: 'none' }
  | { readonly kind: 'json'; readonly value: unknown }
  | { readonly kind: 'protobuf'; readonly bytes: Uint8Array; readonly typeName?: string };

/** A CloudEvent taken out of its transport: attributes as they were given, not yet checked. */
export interface Envelope {
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly data: EventData;
  /** How a person finds an attribute in what was sent: `header ce-id`, `member "id"`. */
  readonly nameOf: (attribute: string) => string;
}

export const invalid = (message: string, cause?: unknown) => new RefitError('CLOUD_EVENT_INVALID', message, { cause });

/** `Application/JSON; charset=utf-8` → `application/json`. */
export const mediaType = (contentType: string) => (contentType.split(';', 1)[0] ?? '').trim().toLowerCase();

const isJson = (type: string) => type === 'application/json' || type === 'text/json' || type.endsWith('+json');
const isProtobuf = (type: string) => type === 'application/protobuf' || type === 'application/x-protobuf';

/** Payload bytes by their content type; `where` names the payload in messages. */
export function dataFromBytes(bytes: Uint8Array, contentType: string, where: string): EventData {
  if (bytes.byteLength === 0) return { kind: 'none' };
  const type = mediaType(contentType);
  if (isJson(type)) return { kind: 'json', value: parseJson(bytes, where) };
  if (isProtobuf(type)) return { kind: 'protobuf', bytes };
  throw invalid(`the content type of ${where} is "${shorten(contentType)}"; send application/json or application/protobuf`);
}

export function dataFromJson(value: unknown, contentType: string, where: string): EventData {
  if (!isJson(mediaType(contentType))) {
    throw invalid(`${where} is JSON but its datacontenttype is "${shorten(contentType)}"; say application/json, or send the bytes as "data_base64"`);
  }
  return { kind: 'json', value };
}

export function parseJson(bytes: Uint8Array, where: string): unknown {
  if (bytes.byteLength === 0) throw invalid(`${where} is empty; it must be JSON`);
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (cause) {
    throw invalid(`${where} is not JSON: ${(cause as Error).message}`, cause); // both throw Errors only
  }
}

export const shorten = (text: string) => (text.length > 80 ? `${text.slice(0, 80)}…` : text);
