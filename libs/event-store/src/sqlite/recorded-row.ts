import type { JsonObject, JsonValue } from '@bufbuild/protobuf';
import type { Position, RecordedEvent } from '../event-store.js';

/** A row of the log as SQLite gives it: the payload is not parsed until somebody wants it. */
export interface RecordedRow {
  readonly position: number;
  readonly stream: string;
  readonly revision: number;
  readonly type: string;
  readonly recordedAt: number;
  /** Id, metadata and data as one JSON object: one string to fetch and one parse, which halve the time of a replay. */
  readonly body: string;
}

/** The columns of a RecordedRow, from events `e` and streams `s`. Ids are UUIDs, which need no escaping. */
export const recordedColumns = `e.position, s.name AS stream, e.revision, e.type, e.recorded_at AS recordedAt,
  '{"id":"' || e.id || '","metadata":' || e.metadata || ',"data":' || e.data || '}' AS body`;

/** A row as an array of those columns. */
export function toRecordedRow(columns: readonly unknown[]): RecordedRow {
  // The tables are STRICT, so the types of columns are certain.
  const [position, stream, revision, type, recordedAt, body] = columns as [number, string, number, string, number, string];
  return { position, stream, revision, type, recordedAt, body };
}

/** What `body` holds. */
interface RecordedBody {
  readonly id: string;
  readonly metadata: JsonObject;
  readonly data: JsonObject;
}

export function toRecordedEvent({ stream, revision, position, type, recordedAt, body }: RecordedRow): RecordedEvent {
  // Only this store writes the columns that the body is made of.
  const { id, metadata, data } = JSON.parse(body) as RecordedBody;
  return { stream, revision, position: toPosition(position), id, type, recordedAt, data, metadata };
}

export const toPosition = (position: number): Position => String(position);

/** What JSON.parse returns is a JSON value. */
export const parseJson = (text: string): JsonValue => JSON.parse(text) as JsonValue;
