import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite';
import type { EventFilter } from '../event-store.js';
import { recordedColumns, toRecordedRow, type RecordedRow } from './recorded-row.js';

/** A page has at most this many events, and about this many characters of JSON: a few milliseconds to read. */
const mostRows = 1000;
const fewestRows = 8;
const pageCharacters = 512 * 1024;
/** How many positions a filtered page looks through at most. */
const pageSpan = 4096;

/** A piece of the log. */
export interface LogPage {
  readonly rows: readonly RecordedRow[];
  /** Everything from the page's start to here, inclusive, is in `rows` or was filtered out. */
  readonly end: number;
}

/** Reads the events with `after` < position ≤ `last`, as many as make a page. */
export type ReadPage = (after: number, last: number, limit?: number) => LogPage;

export function prepareForwards(database: DatabaseSync, filter?: EventFilter): ReadPage {
  const { clause, values } = filterClause(filter);
  const span = filter === undefined ? Number.MAX_SAFE_INTEGER : pageSpan;
  const take = preparePage(database.prepare(`${selectEvents} WHERE e.position > ? AND e.position <= ? ${clause} ORDER BY e.position LIMIT ?`));
  return (after, last, limit = mostRows) => {
    const end = Math.min(last, after + span);
    const { rows, complete } = take([after, end, ...values], limit);
    return { rows, end: complete ? end : (rows.at(-1)?.position ?? end) };
  };
}

/** Like forwards, from the end of the range: the page's `end` is the lowest position that it covers. */
export function prepareBackwards(database: DatabaseSync, filter?: EventFilter): (before: number, limit: number) => LogPage {
  const { clause, values } = filterClause(filter);
  const span = filter === undefined ? Number.MAX_SAFE_INTEGER : pageSpan;
  const take = preparePage(database.prepare(`${selectEvents} WHERE e.position < ? AND e.position >= ? ${clause} ORDER BY e.position DESC LIMIT ?`));
  return (before, limit) => {
    const end = Math.max(0, before - span);
    const { rows, complete } = take([before, end, ...values], limit);
    return { rows, end: complete ? end : (rows.at(-1)?.position ?? end) };
  };
}

/** Reads a stream from a revision on, inclusive. */
export type ReadStreamPage = (stream: string, from: number, limit: number) => Taken;

/** Prepared once for all streams: what a step loads is a few rows, and preparing would cost more than reading. */
export const prepareStreams = (database: DatabaseSync) => ({ forwards: prepareStream(database, 'forwards'), backwards: prepareStream(database, 'backwards') });

function prepareStream(database: DatabaseSync, direction: 'forwards' | 'backwards'): ReadStreamPage {
  const [comparison, order] = direction === 'forwards' ? ['>=', 'ASC'] : ['<=', 'DESC'];
  const take = preparePage(
    database.prepare(
      `SELECT ${recordedColumns} FROM streams s CROSS JOIN events e ON e.stream_key = s.key WHERE s.name = ? AND e.revision ${comparison} ? ORDER BY e.revision ${order} LIMIT ?`,
    ),
  );
  return (stream, from, limit) => take([stream, from], limit);
}

/** CROSS JOIN: SQLite keeps this order, events by position first. */
const selectEvents = `SELECT ${recordedColumns} FROM events e CROSS JOIN streams s ON s.key = e.stream_key`;

interface Taken {
  readonly rows: readonly RecordedRow[];
  /** There are no more in the range. */
  readonly complete: boolean;
}

/** Fetches as many rows as make a page, judged by the size of those before: `all` is a third faster than `iterate`. */
function preparePage(select: StatementSync): (values: readonly SQLInputValue[], limit: number) => Taken {
  let pageRows = 64;
  return (values, limit) => {
    const atMost = Math.min(limit, pageRows);
    const rows = fetch(select, [...values, atMost]).map(toRecordedRow);
    const characters = rows.reduce((sum, row) => sum + row.body.length, 0);
    if (rows.length > 0) pageRows = Math.min(mostRows, Math.max(fewestRows, Math.floor((pageCharacters * rows.length) / characters)));
    return { rows, complete: rows.length < atMost };
  };
}

/** Rows as arrays take two thirds of the time of rows as objects; Node before 22.16 has only these, in the same order of columns. */
function fetch(select: StatementSync, values: SQLInputValue[]): unknown[][] {
  // The types are those of the newest Node: they have the method always, and do not know what it changes.
  const { setReturnArrays } = select as { setReturnArrays?: StatementSync['setReturnArrays'] };
  if (setReturnArrays === undefined) return select.all(...values).map((row) => Object.values(row));
  setReturnArrays.call(select, true);
  return select.all(...values) as unknown as unknown[][];
}

function filterClause(filter: EventFilter | undefined): { clause: string; values: (string | number)[] } {
  const { types, streamPrefixes } = filter ?? {};
  const byType = types && `AND e.type IN (${types.map(() => '?').join(', ')})`;
  // length in code points, as SQLite counts
  const byPrefix = streamPrefixes && `AND (${['0', ...streamPrefixes.map(() => 'substr(s.name, 1, ?) = ?')].join(' OR ')})`;
  const prefixValues = streamPrefixes?.flatMap((prefix) => [Array.from(prefix).length, prefix]);
  return { clause: [byType, byPrefix].filter(Boolean).join(' '), values: [...(types ?? []), ...(prefixValues ?? [])] };
}
