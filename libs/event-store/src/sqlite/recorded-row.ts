import type { JsonObject, JsonValue } from '@bufbuild/protobuf';
import type { Position, RecordedEvent } from '../event-store.js';

/** A row of the log as SQLite gives it: the payload is not parsed until somebody wants it. */
export interface RecordedRow {
  readonly position: number;
  readonly stream: string;
  readonly revision: number;
  readonly type: string;
  readonly recordedAt: number;
  readonly id: string;
  readonly metadata: string;
  readonly data: string;
}

/** The columns of a RecordedRow, from events `e` and streams `s`. */
export const recordedColumns = 'e.position, s.name AS stream, e.revision, e.type, e.recorded_at AS recordedAt, e.id, e.metadata, e.data';

export const toRecordedEvent = (row: RecordedRow): RecordedEvent => ({
  stream: row.stream,
  revision: row.revision,
  position: toPosition(row.position),
  id: row.id,
  type: row.type,
  recordedAt: row.recordedAt,
  // Only this store writes these columns, and it writes objects.
  data: JSON.parse(row.data) as JsonObject,
  metadata: JSON.parse(row.metadata) as JsonObject,
});

export const toPosition = (position: number): Position => String(position);

/** What JSON.parse returns is a JSON value. */
export const parseJson = (text: string): JsonValue => JSON.parse(text) as JsonValue;
