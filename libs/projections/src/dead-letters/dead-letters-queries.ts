import { readPage, type Page, type PageRequest } from '../paging.js';
import type { ProjectionReader, Row } from '../projection.js';
import { within, type TimeSpan } from '../time-span.js';
import { where } from '../where.js';
import type { LetterStatus } from './dead-letters-projection.js';

export interface LetterRow {
  readonly letterId: string;
  /** Of its parking, in the stream of dead letters. */
  readonly revision: number;
  readonly status: LetterStatus;
  /** Of the artifact with its body; empty when the event has it. */
  readonly bodyHash: string;
}

/** What is empty or absent is not asked for. The time span is of the log. */
export interface LetterFilter extends TimeSpan {
  readonly code?: string;
  /** Its beginning: all of a topic, all of a partition. */
  readonly origin?: string;
  /** Also those that were retried or discarded. */
  readonly includeSettled?: boolean;
}

export interface DeadLettersQueries {
  /** Newest first. @throws RefitError REQUEST_INVALID for a wrong page token */
  list(request: LetterFilter & PageRequest): Page<LetterRow>;
  get(letterId: string): LetterRow | undefined;
  /** Two at most of those whose id begins so. */
  beginningWith(prefix: string): readonly LetterRow[];
  /** Revision of the stream's last event that is in the tables; −1 of an empty stream. */
  end(): number;
}

/** Asks what `deadLettersProjection` keeps. */
export const deadLettersQueries = (db: ProjectionReader): DeadLettersQueries => ({
  list: (request) => readPage(request, 1, (after, limit) => select(db, request, after, limit), ({ revision }) => [revision]),
  get: (letterId) => toLetterRow(db.get('SELECT * FROM dead_letters WHERE letter_id = ?', letterId)),
  beginningWith: (prefix) => db.all('SELECT * FROM dead_letters WHERE letter_id >= ? AND letter_id < ? ORDER BY letter_id LIMIT 2', prefix, `${prefix}~`).flatMap((row) => toLetterRow(row) ?? []),
  end: () => Number(db.get('SELECT revision FROM dead_letters_end')?.['revision'] ?? -1),
});

function select(db: ProjectionReader, { code, origin, includeSettled, ...span }: LetterFilter, after: readonly (string | number)[] | undefined, limit: number): LetterRow[] {
  const { sql, values } = where(
    !includeSettled && ['status = \'parked\''],
    !!code && ['code = ?', code],
    !!origin && ['substr(origin, 1, ?) = ?', origin.length, origin],
    ...within('recorded_at', span),
    !!after && ['revision < ?', ...after],
  );
  return db.all(`SELECT * FROM dead_letters WHERE ${sql} ORDER BY revision DESC LIMIT ?`, ...values, limit).flatMap((row) => toLetterRow(row) ?? []);
}

const toLetterRow = (row: Row | undefined): LetterRow | undefined =>
  row && {
    letterId: String(row['letter_id']),
    revision: Number(row['revision']),
    status: row['status'] as LetterStatus, // as it was written
    bodyHash: String(row['body_hash']),
  };
