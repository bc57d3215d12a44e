import { eventMatcher } from '../event-matcher.js';
import { comparePositions, type EventFilter, type Position, type SubscriptionMessage } from '../event-store.js';
import { LoopShare } from '../loop-share.js';
import { isPassing } from './kurrentdb-errors.js';
import type { LiveQueue } from './live-queue.js';
import { startPosition } from './log-position.js';
import type { LogTail } from './log-tail.js';
import { pause } from './patience.js';
import type { LogPage, ReadLog } from './read-log.js';

export interface SubscriptionOptions {
  readonly after: Position | 'end' | undefined;
  readonly filter: EventFilter | undefined;
  readonly signal: AbortSignal;
}

/**
 * Reads pages until the end of the log, then goes on with the tail; back to pages when it is too slow for the tail.
 *
 * Nothing falls between the two: the place at the tail is taken before the page is read. Everything up to the queue's
 * start is in the log by then, for the leader to send with the page; everything after it is put into the queue. What is
 * in both is told apart by its position.
 */
export async function* subscription(log: ReadLog, tail: LogTail, { after, filter, signal }: SubscriptionOptions): AsyncGenerator<SubscriptionMessage, void> {
  const wants = eventMatcher(filter);
  const share = new LoopShare();
  const readFirst = after === 'end' ? () => emptyPageAtEnd(log) : undefined;
  let position = after === undefined || after === 'end' ? startPosition : after;
  for (let read = readFirst; !signal.aborted; read = undefined) {
    await orAborted(tail.start(), signal);
    if (signal.aborted) return;
    const live = tail.join(wants);
    const leave = () => tail.leave(live);
    signal.addEventListener('abort', leave);
    try {
      const page = await patiently(read ?? (() => log.page(position, filter)), signal);
      if (page === undefined) return;
      yield* pageMessages(page, share, signal);
      if (signal.aborted) return;
      position = later(page.end, position);
      if (!page.complete) continue;
      position = later(live.start, position);
      yield { kind: 'caught-up', position };
      position = yield* liveMessages(live, position, share, signal);
    } finally {
      signal.removeEventListener('abort', leave);
      leave();
    }
  }
}

async function emptyPageAtEnd(log: ReadLog): Promise<LogPage> {
  return { events: [], end: (await log.head()) ?? startPosition, complete: true };
}

async function* pageMessages({ events, end, complete }: LogPage, share: LoopShare, signal: AbortSignal): AsyncGenerator<SubscriptionMessage, void> {
  for (const event of events) {
    if (share.spent) await share.rest();
    if (signal.aborted) return;
    yield { kind: 'event', event };
  }
  if (!signal.aborted && !complete && events.at(-1)?.position !== end) yield { kind: 'checkpoint', position: end };
}

/** Until the queue is closed; returns the position up to which everything was handed on. */
async function* liveMessages(live: LiveQueue, start: Position, share: LoopShare, signal: AbortSignal): AsyncGenerator<SubscriptionMessage, Position> {
  let position = start;
  for (let batch = await live.take(); batch !== undefined; batch = await live.take()) {
    for (const event of batch.events) {
      if (share.spent) await share.rest();
      if (signal.aborted) return position;
      if (comparePositions(event.position, position) <= 0) continue;
      position = event.position;
      yield { kind: 'event', event };
    }
    const told = position;
    position = later(batch.end, position);
    if (batch.checkpoint && position !== told && !signal.aborted) yield { kind: 'checkpoint', position };
  }
  return position;
}

/** For as long as it takes; undefined when the signal came first. */
async function patiently<T>(work: () => Promise<T>, signal: AbortSignal): Promise<T | undefined> {
  for (let attempt = 0; !signal.aborted; attempt += 1) {
    try {
      const result = await work();
      return signal.aborted ? undefined : result;
    } catch (error) {
      if (!isPassing(error)) throw error;
    }
    await pause(attempt, signal).catch(() => undefined);
  }
  return undefined;
}

async function orAborted(work: Promise<void>, signal: AbortSignal): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const end = () => resolve();
  signal.addEventListener('abort', end);
  try {
    await Promise.race([work, promise]);
  } finally {
    signal.removeEventListener('abort', end);
  }
}

const later = (a: Position, b: Position): Position => (comparePositions(a, b) >= 0 ? a : b);
