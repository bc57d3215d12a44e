import { eventMatcher } from '../event-matcher.js';
import type { EventFilter, SubscriptionMessage } from '../event-store.js';
import type { LiveQueue, Subscriber } from './live-queue.js';
import type { LockPatience } from './lock-patience.js';
import type { LogPage, ReadPage } from './log-page.js';
import type { LogTail } from './log-tail.js';
import { LoopShare } from '../loop-share.js';
import { toPosition, toRecordedEvent } from './recorded-row.js';

export interface SubscriptionSource {
  readonly patience: LockPatience;
  readonly tail: LogTail;
  readonly readPage: ReadPage;
  /** 0 when the log is empty. */
  readonly head: () => number;
}

export interface SubscriptionOptions {
  readonly start: Promise<number>;
  readonly filter: EventFilter | undefined;
  readonly prompt: boolean;
  readonly signal: AbortSignal;
}

/**
 * Reads pages until the end of the log, then joins the tail; falls back to pages when it is too slow for the tail.
 */
export async function* subscription(source: SubscriptionSource, { start, filter, prompt, signal }: SubscriptionOptions): AsyncGenerator<SubscriptionMessage, void> {
  const subscriber = { wants: eventMatcher(filter), prompt };
  const share = new LoopShare();
  let position = await start;
  while (!signal.aborted) {
    const { page, live } = await source.patience.run(() => readOrJoin(source, position, subscriber));
    const leave = () => live && source.tail.leave(live);
    signal.addEventListener('abort', leave);
    try {
      yield* pageMessages(page, live !== undefined, share, signal);
      position = live === undefined ? page.end : yield* liveMessages(live, page.end, share, signal);
    } finally {
      signal.removeEventListener('abort', leave);
      leave();
    }
  }
}

async function* pageMessages({ rows, end }: LogPage, caughtUp: boolean, share: LoopShare, signal: AbortSignal): AsyncGenerator<SubscriptionMessage, void> {
  for (const row of rows) {
    if (share.spent) await share.rest();
    if (signal.aborted) return;
    yield { kind: 'event', event: toRecordedEvent(row) };
  }
  if (signal.aborted) return;
  if (caughtUp) yield { kind: 'caught-up', position: toPosition(end) };
  else if (rows.at(-1)?.position !== end) yield { kind: 'checkpoint', position: toPosition(end) };
}

/** Until the queue is closed; returns the position up to which everything was handed on. */
async function* liveMessages(live: LiveQueue, start: number, share: LoopShare, signal: AbortSignal): AsyncGenerator<SubscriptionMessage, number> {
  let position = start;
  for (let batch = await live.take(); batch !== undefined; batch = await live.take()) {
    for (const event of batch.events) {
      if (share.spent) await share.rest();
      if (signal.aborted) return position;
      yield { kind: 'event', event };
    }
    position = batch.end;
    if (batch.checkpoint && !signal.aborted) yield { kind: 'checkpoint', position: toPosition(position) };
  }
  return position;
}

/** A page; and, when it reaches the end of the log, a place at the tail, taken in the same turn. */
function readOrJoin({ readPage, head, tail }: SubscriptionSource, position: number, subscriber: Subscriber): { page: LogPage; live: LiveQueue | undefined } {
  const last = head();
  if (last <= position) return { page: { rows: [], end: position }, live: tail.join(position, subscriber) };
  const page = readPage(position, last);
  return { page, live: page.end === last ? tail.join(last, subscriber) : undefined };
}
