import type { JsonValue } from '@bufbuild/protobuf';
import { RefitError } from '@refit/contracts';
import type { NewEvent } from './event-store.js';

/** Largest event, and largest value of a record, as UTF-8 JSON. */
export const maxEventBytes = 64 * 1024;
/** Largest sum of one append: KurrentDB's default limit, so SQLite keeps to it too. */
export const maxAppendBytes = 1024 * 1024;
export const maxStreamNameLength = 200;

/** Control characters, line separators and lone surrogates, which no store would give back as they were. */
const unprintable = /[\p{Cc}\p{Cs}\u2028\u2029]/u;
const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** An event as it is written. */
export interface SerialisedEvent {
  readonly id: string;
  readonly type: string;
  readonly data: string;
  readonly metadata: string;
}

/** @throws RefitError STREAM_NAME_INVALID */
export function assertStreamName(name: string): void {
  const fault = nameFault(name);
  if (fault === undefined) return;
  const shown = JSON.stringify(name.length > 60 ? `${name.slice(0, 60)}…` : name);
  throw new RefitError('STREAM_NAME_INVALID', `Stream or record name ${shown} ${fault}. Use 1 to ${maxStreamNameLength} printable characters that do not start with "$".`);
}

function nameFault(name: string): string | undefined {
  if (name === '') return 'is empty';
  if (name.startsWith('$')) return 'starts with "$", which event stores keep for themselves';
  if (name.length > maxStreamNameLength) return `is ${name.length} characters long`;
  if (unprintable.test(name)) return 'has unprintable characters';
  return undefined;
}

/**
 * The events of one append as JSON text, checked against the limits that every store keeps.
 *
 * @throws RefitError EVENT_TOO_LARGE, REQUEST_INVALID
 */
export function serialiseEvents(stream: string, events: readonly NewEvent[]): SerialisedEvent[] {
  if (events.length === 0) throw new RefitError('REQUEST_INVALID', `An append to stream ${stream} has no events. Append at least one.`);
  if (events.length > 1 && new Set(events.map((event) => event.id)).size < events.length) {
    throw new RefitError('REQUEST_INVALID', `An append to stream ${stream} has two events of the same id. Give each event an id of its own.`);
  }
  let bytes = 0;
  const serialised = events.map((event) => {
    const written = serialiseEvent(stream, event);
    bytes += byteLength(written);
    return written;
  });
  if (bytes > maxAppendBytes) {
    throw new RefitError('EVENT_TOO_LARGE', `${events.length} events for stream ${stream} are ${bytes} bytes together; one append takes at most ${maxAppendBytes}. Append them in parts.`);
  }
  return serialised;
}

function serialiseEvent(stream: string, { id, type, data, metadata }: NewEvent): SerialisedEvent {
  if (!uuid.test(id)) throw new RefitError('REQUEST_INVALID', `Event id ${JSON.stringify(id)} for stream ${stream} is not a UUID in lower case.`);
  if (type === '' || unprintable.test(type)) {
    throw new RefitError('REQUEST_INVALID', `Event type ${JSON.stringify(type)} for stream ${stream} is empty or has unprintable characters.`);
  }
  const event = { id, type, data: JSON.stringify(data), metadata: JSON.stringify(metadata) };
  const bytes = byteLength(event);
  if (bytes > maxEventBytes) {
    throw new RefitError('EVENT_TOO_LARGE', `An event ${type} for stream ${stream} is ${bytes} bytes as JSON; the limit is ${maxEventBytes}. Put what is large into an artifact and name it by its hash.`);
  }
  return event;
}

/**
 * The value of a record as JSON text.
 *
 * @throws RefitError EVENT_TOO_LARGE
 */
export function serialiseRecord(name: string, value: JsonValue): string {
  const text = JSON.stringify(value);
  const bytes = Buffer.byteLength(text);
  if (bytes <= maxEventBytes) return text;
  throw new RefitError('EVENT_TOO_LARGE', `The value of record ${name} is ${bytes} bytes as JSON; the limit is ${maxEventBytes}.`);
}

const envelopeBytes = '{"id":"","type":"","data":,"metadata":}'.length;

const byteLength = ({ id, type, data, metadata }: SerialisedEvent) => envelopeBytes + id.length + Buffer.byteLength(type) + Buffer.byteLength(data) + Buffer.byteLength(metadata);
