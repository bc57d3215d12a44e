import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite';
import type { EventFilter } from '../event-store.js';
import { recordedColumns, type RecordedRow } from './recorded-row.js';

/** A page holds at most this many events, and stops after this many characters of JSON: a few milliseconds to read. */
const pageRows = 512;
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
  const select = database.prepare(`${selectEvents} WHERE e.position > ? AND e.position <= ? ${clause} ORDER BY e.position LIMIT ?`);
  return (after, last, limit = pageRows) => {
    const end = Math.min(last, after + span);
    const { rows, complete } = takePage(select, [after, end, ...values], limit);
    return { rows, end: complete ? end : (rows.at(-1)?.position ?? end) };
  };
}

/** Like forwards, from the end of the range: the page's `end` is the lowest position that it covers. */
export function prepareBackwards(database: DatabaseSync, filter?: EventFilter): (before: number, limit?: number) => LogPage {
  const { clause, values } = filterClause(filter);
  const span = filter === undefined ? Number.MAX_SAFE_INTEGER : pageSpan;
  const select = database.prepare(`${selectEvents} WHERE e.position < ? AND e.position >= ? ${clause} ORDER BY e.position DESC LIMIT ?`);
  return (before, limit = pageRows) => {
    const end = Math.max(0, before - span);
    const { rows, complete } = takePage(select, [before, end, ...values], limit);
    return { rows, end: complete ? end : (rows.at(-1)?.position ?? end) };
  };
}

/** Reads a stream from a revision on, inclusive, in the given direction. */
export function prepareStream(database: DatabaseSync, direction: 'forwards' | 'backwards'): (stream: string, from: number, limit?: number) => { rows: RecordedRow[]; complete: boolean } {
  const [comparison, order] = direction === 'forwards' ? ['>=', 'ASC'] : ['<=', 'DESC'];
  const select = database.prepare(
    `SELECT ${recordedColumns} FROM streams s CROSS JOIN events e ON e.stream_key = s.key WHERE s.name = ? AND e.revision ${comparison} ? ORDER BY e.revision ${order} LIMIT ?`,
  );
  return (stream, from, limit = pageRows) => takePage(select, [stream, from], limit);
}

/** CROSS JOIN: SQLite keeps this order, events by position first. */
const selectEvents = `SELECT ${recordedColumns} FROM events e CROSS JOIN streams s ON s.key = e.stream_key`;

/** `complete` says that the range has no more. */
function takePage(select: StatementSync, values: SQLInputValue[], limit: number): { rows: RecordedRow[]; complete: boolean } {
  const atMost = Math.min(limit, pageRows);
  const rows: RecordedRow[] = [];
  let characters = 0;
  // The columns are those of a RecordedRow, and the table is STRICT.
  for (const row of select.iterate(...values, atMost) as Iterable<RecordedRow & Record<string, never>>) {
    rows.push(row);
    characters += row.data.length + row.metadata.length;
    if (characters > pageCharacters) return { rows, complete: false };
  }
  return { rows, complete: rows.length < atMost };
}

function filterClause(filter: EventFilter | undefined): { clause: string; values: (string | number)[] } {
  const { types, streamPrefixes } = filter ?? {};
  const byType = types && `AND e.type IN (${types.map(() => '?').join(', ')})`;
  // length in code points, as SQLite counts
  const byPrefix = streamPrefixes && `AND (${['0', ...streamPrefixes.map(() => 'substr(s.name, 1, ?) = ?')].join(' OR ')})`;
  const prefixValues = streamPrefixes?.flatMap((prefix) => [Array.from(prefix).length, prefix]);
  return { clause: [byType, byPrefix].filter(Boolean).join(' '), values: [...(types ?? []), ...(prefixValues ?? [])] };
}
