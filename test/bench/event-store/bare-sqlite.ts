import { DatabaseSync } from 'node:sqlite';
import type { NewEvent } from '@refit/event-store';
import { eventsPerStream } from './sample-event.ts';

/**
 * The least that an event log in SQLite can do, for comparison: insert as JSON under the same two constraints and
 * commit just as durably; no check of revisions, no repeats, no filters, no subscriptions, one process.
 */
export function openBareSqlite(file: string) {
  const database = new DatabaseSync(file);
  database.exec(`
    PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;
    CREATE TABLE events (position INTEGER PRIMARY KEY, stream INTEGER, revision INTEGER, id TEXT, type TEXT, recorded INTEGER, data TEXT, metadata TEXT,
      UNIQUE (stream, revision), UNIQUE (stream, id))`);
  const insert = database.prepare('INSERT INTO events (stream, revision, id, type, recorded, data, metadata) VALUES (?, ?, ?, ?, ?, ?, ?)');
  const select = database.prepare('SELECT * FROM events WHERE position > ? ORDER BY position LIMIT 1000');
  const counts = new Map<number, number>();

  return {
    /** Each event to the next stream, all in one transaction. */
    append(events: readonly NewEvent[]) {
      database.exec('BEGIN IMMEDIATE');
      for (const [lane, event] of events.entries()) {
        const count = counts.get(lane) ?? 0;
        counts.set(lane, count + 1);
        const revision = count % eventsPerStream;
        const stream = lane + 1000 * ((count - revision) / eventsPerStream);
        insert.run(stream, revision, event.id, event.type, Date.now(), JSON.stringify(event.data), JSON.stringify(event.metadata));
      }
      database.exec('COMMIT');
    },
    /** Reads everything, and parses what is JSON. */
    replay(): number {
      let count = 0;
      for (let rows = select.all(0); rows.length > 0; rows = select.all(rows.at(-1)?.['position'] ?? 0)) {
        for (const row of rows) {
          JSON.parse(String(row['data']));
          JSON.parse(String(row['metadata']));
          count += 1;
        }
      }
      return count;
    },
    close: () => database.close(),
  };
}
