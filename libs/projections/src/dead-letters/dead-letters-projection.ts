import { deadLetterStream, decodeEvent, isRefitError, type DeadLetterEvent, type DomainEvent } from '@refit/contracts';
import type { RecordedEvent } from '@refit/event-store';
import type { Projection, ProjectionWriter } from '../projection.js';

export type LetterStatus = 'parked' | 'retried' | 'discarded';

/** What became of a letter after one more event about it; undefined of one that was never parked. */
export function letterStatusAfter(before: LetterStatus | undefined, event: DeadLetterEvent): LetterStatus | undefined {
  switch (event.$typeName) {
    case 'refit.trigger.v1.DeadLetterParked':
      return 'parked';
    case 'refit.trigger.v1.DeadLetterRetried':
      return event.succeeded ? 'retried' : before;
    case 'refit.trigger.v1.DeadLetterDiscarded':
      return 'discarded';
    default:
      return before;
  }
}

/**
 * Which dead letters there are, where each stands in its stream, and what became of it. The letters themselves stay in the
 * log: there may be very many.
 */
export const deadLettersProjection: Projection = {
  name: 'dead-letters',
  version: 1,
  tables: [
    `CREATE TABLE dead_letters (
      letter_id TEXT PRIMARY KEY, revision INTEGER NOT NULL, status TEXT NOT NULL, code TEXT NOT NULL, origin TEXT NOT NULL,
      body_hash TEXT NOT NULL, recorded_at INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID`,
    'CREATE INDEX dead_letters_by_status ON dead_letters (status, revision)',
    'CREATE INDEX dead_letters_by_revision ON dead_letters (revision)',
    // Of the stream's last event: who decides on these tables appends at this revision.
    'CREATE TABLE dead_letters_end (only INTEGER PRIMARY KEY CHECK (only = 0), revision INTEGER NOT NULL) STRICT',
  ],
  filter: { streamPrefixes: [deadLetterStream] },
  apply(db, recorded) {
    db.run('INSERT INTO dead_letters_end VALUES (0, ?) ON CONFLICT (only) DO UPDATE SET revision = excluded.revision', recorded.revision);
    const event = readable(recorded);
    if (event !== undefined) applyTo(db, event as DeadLetterEvent, recorded); // the stream holds no other events
  },
};

function applyTo(db: ProjectionWriter, event: DeadLetterEvent, { revision, recordedAt }: RecordedEvent): void {
  const before = db.get('SELECT status FROM dead_letters WHERE letter_id = ?', event.letterId)?.['status'];
  const status = letterStatusAfter(before as LetterStatus | undefined, event); // as it was written
  if (status === undefined) return;
  if (before !== undefined) db.run('UPDATE dead_letters SET status = ? WHERE letter_id = ?', status, event.letterId);
  else if (event.$typeName === 'refit.trigger.v1.DeadLetterParked') {
    db.run('INSERT INTO dead_letters VALUES (?, ?, ?, ?, ?, ?, ?)', event.letterId, revision, status, event.code, event.origin, event.bodyHash, recordedAt);
  }
}

/** An event that cannot be read counts all the same: the stream goes on behind it. */
function readable(recorded: RecordedEvent): DomainEvent | undefined {
  try {
    return decodeEvent(recorded);
  } catch (error) {
    if (isRefitError(error, 'EVENT_UNREADABLE')) return undefined;
    throw error;
  }
}
