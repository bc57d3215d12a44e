import type { JsonObject, JsonValue } from '@bufbuild/protobuf';
import type { AllStreamRecordedEvent, RecordedEvent as StoredEvent } from '@kurrent/kurrentdb-client';
import { RefitError } from '@refit/contracts';
import type { RecordedEvent } from '../event-store.js';
import { isPlace, toPosition } from './log-position.js';
import { recordStreamPrefix } from './record-streams.js';

/** As the client hands it on. */
export type Stored = StoredEvent | AllStreamRecordedEvent;

/**
 * Whether an event is part of Refit's log: not one of the server's own, not a link of a projection, not a record. What
 * is no JSON object was put there by others, who may share the database, and is left out.
 */
export const isOurs = ({ streamId, type, isJson, data }: Stored): boolean =>
  !streamId.startsWith('$') && !type.startsWith('$') && !streamId.startsWith(recordStreamPrefix) && isJson && isObject(data);

/** @throws RefitError EVENT_UNREADABLE */
export function toRecordedEvent(event: Stored): RecordedEvent {
  const { streamId, id, revision, type, created, data, metadata, position } = event;
  if (!isObject(data) || !isPlace(position)) {
    throw new RefitError('EVENT_UNREADABLE', `Event ${revision} of stream ${streamId} in KurrentDB (type ${type}) is no JSON object with a place in the log. Another program has written it: let it use streams of its own.`);
  }
  return {
    stream: streamId,
    revision: Number(revision),
    position: toPosition(position),
    recordedAt: created.getTime(),
    id,
    type,
    data,
    metadata: isObject(metadata) ? metadata : {},
  };
}

/** The client has parsed it, so an object holds JSON; bytes that are no JSON are left as they are. */
const isObject = (value: unknown): value is JsonObject => typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Uint8Array);

/** What a record's event holds, which `put` wrapped so that it is an object too. */
export const recordValue = ({ data }: Stored): JsonValue => (isObject(data) ? (data['value'] ?? null) : null);
