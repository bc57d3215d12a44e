import { dataFromBytes, dataFromJson, invalid, mediaType, parseJson, shorten, type Envelope } from './envelope.js';
import type { CloudEventMessage, CloudEventTransport } from './outside-event.js';
import { envelopeFromProtobuf } from './structured-protobuf.js';

type Headers = ReadonlyMap<string, string>;

/** What the protocol bindings do differently in binary mode. */
const bindings = {
  http: { prefix: 'ce-', decoded: percentDecoded },
  kafka: { prefix: 'ce_', decoded: (_name: string, value: string) => value },
} as const satisfies Record<CloudEventTransport, { readonly prefix: string; decoded(name: string, value: string): string }>;

/**
 * Takes a CloudEvent out of a message, by the protocol binding of its transport: structured when the content type says
 * so, binary when there are ce-* headers (ce_* on Kafka). Kafka's console tools send no headers: there a JSON object that
 * has a `specversion` is a structured event, too.
 */
export function readEnvelope({ transport = 'http', headers: given, body }: CloudEventMessage): Envelope {
  const headers = flatten(given);
  const contentType = headers.get('content-type') ?? '';
  const type = mediaType(contentType);
  if (type.startsWith('application/cloudevents-batch')) {
    throw invalid('this is a batch of CloudEvents (application/cloudevents-batch), which Refit does not take; send one event per ' + (transport === 'kafka' ? 'message' : 'request'));
  }
  if (type === 'application/cloudevents+json' || type === 'application/cloudevents') return structuredJson(body);
  if (type === 'application/cloudevents+protobuf') return envelopeFromProtobuf(body);
  if (type.startsWith('application/cloudevents')) {
    throw invalid(`the content type is "${shorten(contentType)}"; Refit reads application/cloudevents+json and application/cloudevents+protobuf`);
  }
  const { prefix } = bindings[transport];
  if ([...headers.keys()].some((name) => name.startsWith(prefix))) return binary(transport, headers, contentType, body);
  const bare = transport === 'kafka' && (type === '' || type === 'application/json') ? bareEvent(body) : undefined;
  if (bare === 'an event') return structuredJson(body);
  throw noEvent(prefix, contentType, bare);
}

function noEvent(prefix: string, contentType: string, why?: string): Error {
  return invalid(
    `this is not a CloudEvent: it has no ${prefix}* headers (binary mode), and its content type is ${contentType === '' ? 'missing' : `"${shorten(contentType)}"`}, ` +
      'not application/cloudevents+json or application/cloudevents+protobuf (structured mode)' +
      (why === undefined ? '' : `; and ${why}`),
  );
}

function binary(transport: CloudEventTransport, headers: Headers, contentType: string, body: Uint8Array): Envelope {
  const { prefix, decoded } = bindings[transport];
  const attributes: Record<string, unknown> = {};
  for (const [name, value] of headers) {
    if (name.startsWith(prefix)) attributes[name.slice(prefix.length)] = decoded(name, value);
  }
  if (contentType !== '') attributes['datacontenttype'] = contentType;
  return {
    attributes,
    data: dataFromBytes(body, contentType === '' ? 'application/json' : contentType, 'the body'),
    nameOf: (attribute) => (attribute === 'datacontenttype' ? 'header content-type' : `header ${prefix}${attribute}`),
  };
}

/** Whether a body without headers is unmistakably an event, which says its own version; else why it is not. */
function bareEvent(body: Uint8Array): string {
  if (body.byteLength === 0) return 'it is empty';
  try {
    const value = parseJson(body, 'the body');
    return typeof value === 'object' && value !== null && 'specversion' in value ? 'an event' : 'its body is no JSON object with a "specversion"';
  } catch (error) {
    return (error as Error).message; // parseJson throws RefitErrors only
  }
}

function structuredJson(body: Uint8Array): Envelope {
  const event = parseJson(body, 'the body');
  if (typeof event !== 'object' || event === null || Array.isArray(event)) {
    throw invalid('the body is JSON but not an object; a structured CloudEvent is one JSON object');
  }
  const { data, data_base64: base64, ...attributes } = event as Record<string, unknown>; // a JSON object
  const contentType = attributes['datacontenttype'] ?? 'application/json';
  const nameOf = (attribute: string) => `member "${attribute}"`;
  if (typeof contentType !== 'string') throw invalid('member "datacontenttype" must be a string');
  if (data !== undefined && base64 !== undefined) throw invalid('the event has both "data" and "data_base64"; send one of them');
  if (base64 !== undefined) {
    return { attributes, nameOf, data: dataFromBytes(fromBase64(base64), contentType, 'member "data_base64"') };
  }
  if (data === undefined || data === null) return { attributes, nameOf, data: { kind: 'none' } };
  return { attributes, nameOf, data: dataFromJson(data, contentType, 'member "data"') };
}

function fromBase64(text: unknown): Uint8Array {
  if (typeof text !== 'string' || !/^[A-Za-z0-9+/]*={0,2}$/.test(text)) throw invalid('member "data_base64" is not base64');
  return Buffer.from(text, 'base64');
}

/** Header values carry what is not printable ASCII in percent encoding. */
function percentDecoded(name: string, value: string): string {
  try {
    return decodeURIComponent(value);
  } catch (cause) {
    throw invalid(`header ${name} is not well percent-encoded: "${shorten(value)}"`, cause);
  }
}

const flatten = (headers: CloudEventMessage['headers']): Headers =>
  new Map(
    Object.entries(headers)
      .filter((entry): entry is [string, string | readonly string[]] => entry[1] !== undefined)
      .map(([name, value]) => [name.toLowerCase(), typeof value === 'string' ? value : value.join(', ')]),
  );
