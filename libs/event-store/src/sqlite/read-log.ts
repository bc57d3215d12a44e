import type { DatabaseSync } from 'node:sqlite';
import type { EventFilter, ReadOptions, RecordedEvent } from '../event-store.js';
import type { LockPatience } from './lock-patience.js';
import { prepareBackwards, prepareForwards, type ReadStreamPage } from './log-page.js';
import { LoopShare } from '../loop-share.js';
import { toRecordedEvent, type RecordedRow } from './recorded-row.js';

/** The events of a page, until the reader has as many as it asked for. */
interface Page {
  readonly rows: readonly RecordedRow[];
  readonly more: boolean;
}

export function readStream(
  streams: Readonly<Record<'forwards' | 'backwards', ReadStreamPage>>,
  patience: LockPatience,
  stream: string,
  { direction = 'forwards', from, limit }: ReadOptions & { readonly from?: number },
): AsyncIterable<RecordedEvent> {
  const read = streams[direction];
  const step = direction === 'forwards' ? 1 : -1;
  let next = from ?? (direction === 'forwards' ? 0 : Number.MAX_SAFE_INTEGER);
  return pages(patience, limit, (left) => {
    const { rows, complete } = read(stream, next, left);
    next = (rows.at(-1)?.revision ?? next) + step;
    return { rows, more: !complete };
  });
}

/** Ends at what was the end of the log when the reading began, so that it does end while others append. */
export function readAll(
  database: DatabaseSync,
  patience: LockPatience,
  head: () => number,
  { direction = 'forwards', after, filter, limit }: ReadOptions & { readonly after: number | undefined; readonly filter?: EventFilter },
): AsyncIterable<RecordedEvent> {
  if (direction === 'backwards') return readBackwards(database, patience, head, after, filter, limit);
  const read = prepareForwards(database, filter);
  let position = after ?? 0;
  let last: number | undefined;
  return pages(patience, limit, (left) => {
    last ??= head();
    const { rows, end } = read(position, last, left);
    position = end;
    return { rows, more: end < last };
  });
}

function readBackwards(database: DatabaseSync, patience: LockPatience, head: () => number, before: number | undefined, filter: EventFilter | undefined, limit: number | undefined): AsyncIterable<RecordedEvent> {
  const read = prepareBackwards(database, filter);
  let position = before;
  return pages(patience, limit, (left) => {
    const { rows, end } = read(position ?? head() + 1, left);
    position = end;
    return { rows, more: end > 0 };
  });
}

async function* pages(patience: LockPatience, limit = Number.MAX_SAFE_INTEGER, read: (left: number) => Page): AsyncGenerator<RecordedEvent, void> {
  const share = new LoopShare();
  let left = limit;
  for (let more = left > 0; more; ) {
    const page = await patience.run(() => read(left));
    for (const row of page.rows) {
      if (share.spent) await share.rest();
      yield toRecordedEvent(row);
    }
    left -= page.rows.length;
    more = page.more && left > 0;
    if (share.spent) await share.rest();
  }
}
