import type { DatabaseSync } from 'node:sqlite';
import { RefitError } from '@refit/contracts';
import type { SerialisedEvent } from '../event-rules.js';
import type { Appended, ExpectedRevision } from '../event-store.js';
import { isConstraintViolation } from './sqlite-errors.js';
import type { StreamEnd, StreamEnds } from './stream-ends.js';

/** A row of the log that an append made or found. */
interface Place {
  readonly position: number;
  readonly revision: number;
}

export type AppendEvents = (stream: string, events: readonly SerialisedEvent[], expected: ExpectedRevision) => Appended;

/**
 * Prepares the append. It runs inside a write transaction, so nobody else changes the stream meanwhile; refused with
 * REVISION_CONFLICT, it leaves nothing behind.
 */
export function prepareAppend(database: DatabaseSync, ends: StreamEnds): AppendEvents {
  const insertStream = database.prepare('INSERT INTO streams (name) VALUES (?)');
  const insertEvent = database.prepare(
    'INSERT INTO events (stream_key, revision, type, recorded_at, id, metadata, data) VALUES (?, ?, ?, ?, ?, ?, ?)',
  );
  const findById = database.prepare('SELECT position, revision FROM events WHERE stream_key = ? AND id = ?');
  const lastPosition = database.prepare('SELECT coalesce(max(position), 0) AS position FROM events');
  const deleteAfter = database.prepare('DELETE FROM events WHERE position > ?');

  return (stream, events, expected) => {
    const end = ends.get(stream);
    const at = expected === 'any' ? end.revision : expected === 'no-stream' ? -1 : expected;
    const inserted = at === end.revision ? insert(stream, end, events) : undefined;
    const done = inserted ?? repeated(end, events, expected);
    if (done === undefined) throw new RefitError('REVISION_CONFLICT', conflict(stream, end, expected, at === end.revision));
    return done;
  };

  /** Undefined when the stream has one of the ids already. */
  function insert(stream: string, end: StreamEnd, events: readonly SerialisedEvent[]): Appended | undefined {
    const now = Date.now();
    const before = events.length > 1 ? Number(lastPosition.get()?.['position']) : 0;
    const key = end.key === -1 ? Number(insertStream.run(stream).lastInsertRowid) : end.key;
    let revision = end.revision;
    let position: number | bigint = 0;
    try {
      for (const event of events) {
        revision += 1;
        position = insertEvent.run(key, revision, event.type, now, event.id, event.metadata, event.data).lastInsertRowid;
      }
    } catch (error) {
      if (!isConstraintViolation(error)) throw error;
      if (revision > end.revision + 1) deleteAfter.run(before);
      return undefined;
    }
    ends.set(stream, { key, revision });
    return { revision, position: String(position) };
  }

  /** What the same call did the first time: its events stand in a row, right behind the expected revision. */
  function repeated(end: StreamEnd, events: readonly SerialisedEvent[], expected: ExpectedRevision): Appended | undefined {
    const first = place(end, events[0]);
    if (first === undefined || (expected !== 'any' && first.revision !== (expected === 'no-stream' ? 0 : expected + 1))) return undefined;
    const places = events.map((event) => place(end, event));
    const last = places.at(-1);
    const inARow = places.every((found, index) => found?.revision === first.revision + index);
    return inARow && last !== undefined ? { revision: last.revision, position: String(last.position) } : undefined;
  }

  function place(end: StreamEnd, event: SerialisedEvent | undefined): Place | undefined {
    const row = event && findById.get(end.key, event.id);
    return row && { position: Number(row['position']), revision: Number(row['revision']) };
  }
}

function conflict(stream: string, end: StreamEnd, expected: ExpectedRevision, idsUsed: boolean): string {
  const found = end.revision === -1 ? 'has no events' : `is at revision ${end.revision}`;
  const wanted = idsUsed ? 'holds an event with one of the ids already' : expected === 'no-stream' ? 'was expected to have none' : `was expected at ${expected}`;
  return `Stream ${stream} ${found} and ${wanted}. Load it and decide again.`;
}
