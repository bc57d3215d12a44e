import { BACKWARDS, END, ErrorType, FORWARDS, START, type KurrentDBClient } from '@kurrent/kurrentdb-client';
import { RefitError } from '@refit/contracts';
import { eventMatcher } from '../event-matcher.js';
import { comparePositions, type EventFilter, type Position, type ReadOptions, type RecordedEvent } from '../event-store.js';
import { LoopShare } from '../loop-share.js';
import { isCommandErrorOf } from './kurrentdb-errors.js';
import { fromPosition, isPlace, startPosition, toPosition } from './log-position.js';
import type { CallOptions, Patience } from './patience.js';
import { isOurs, toRecordedEvent, type Stored } from './recorded-event.js';
import { serverFilter } from './server-filter.js';

/** A filter may have to look through the whole log before there is anything to send. A dead connection is noticed sooner. */
const scanTimeoutMs = 300_000;

const firstPage = 64;
/**
 * Large, because the part of the client that reads leaves Nagle's algorithm on: now and then a request lies 40 ms in the
 * kernel before it is sent.
 */
const largestPage = 1024;

/** A piece of the log. */
export interface LogPage {
  readonly events: readonly RecordedEvent[];
  /** Everything from where the page began up to here is in `events` or was filtered out. */
  readonly end: Position;
  /** The end of the log was reached. */
  readonly complete: boolean;
}

/**
 * Reads, always from the leader and a page at a time: what the client was not asked to read to its end would stay open
 * in it. Links are not followed.
 */
export class ReadLog {
  readonly #patience: Patience;
  readonly #common: { readonly requiresLeader: true; readonly resolveLinkTos: false; readonly credentials?: { readonly username: string; readonly password: string } };

  constructor(patience: Patience, credentials: { readonly username: string; readonly password: string } | undefined) {
    this.#patience = patience;
    this.#common = { requiresLeader: true, resolveLinkTos: false, ...(credentials && { credentials }) };
  }

  /** Inclusive. A stream that is not there, or was deleted, is empty. */
  async *stream(stream: string, { direction = 'forwards', from, limit = Number.MAX_SAFE_INTEGER }: ReadOptions & { readonly from?: number } = {}): AsyncGenerator<RecordedEvent, void> {
    let next = from === undefined ? undefined : BigInt(Math.min(from, Number.MAX_SAFE_INTEGER));
    let left = limit;
    const share = new LoopShare();
    for (let size = firstPage; left > 0; size = Math.min(largestPage, 2 * size)) {
      const count = Math.min(size, left);
      const page = await this.#streamPage(stream, direction, next, count);
      for (const event of page) {
        if (share.spent) await share.rest();
        yield toRecordedEvent(event);
      }
      const last = page.at(-1)?.revision;
      if (last === undefined || page.length < count || (direction === 'backwards' && last === 0n)) return;
      next = direction === 'forwards' ? last + 1n : last - 1n;
      left -= page.length;
    }
  }

  /** Exclusive. Forwards it ends at what is the end of the log when it gets there. */
  async *all({ direction, after, filter, limit = Number.MAX_SAFE_INTEGER }: ReadOptions & { readonly after?: Position; readonly filter?: EventFilter } = {}): AsyncGenerator<RecordedEvent, void> {
    let place = after;
    let left = letsNothingThrough(filter) ? 0 : limit;
    const share = new LoopShare();
    for (let size = firstPage; left > 0; size = Math.min(largestPage, 2 * size)) {
      // One more than is wanted, since the server sends the event at the position itself too.
      const page = direction === 'backwards' ? await this.#pageBefore(place, filter, Math.min(size, left)) : await this.page(place ?? startPosition, filter, Math.min(size, left + 1));
      for (const event of page.events.slice(0, left)) {
        if (share.spent) await share.rest();
        yield event;
      }
      if (page.complete) return;
      left -= page.events.length;
      place = page.end;
    }
  }

  /** Forwards from a position, exclusive. */
  async page(after: Position, filter: EventFilter | undefined, size = largestPage): Promise<LogPage> {
    // The server begins with the event at the position itself.
    const fromPlace = after === startPosition ? START : fromPosition(after);
    const options = { ...this.#common, direction: FORWARDS, fromPosition: fromPlace, filter: serverFilter(filter), maxCount: size } as const;
    const page = await this.#read((client) => client.readAll(options), { timeoutMs: scanTimeoutMs });
    const wanted = matching(page, filter).filter(({ position }) => comparePositions(position, after) > 0);
    return { events: wanted, end: lastPlace(page) ?? after, complete: page.length < size };
  }

  /** Of the last event; undefined in an empty log. */
  async head(): Promise<Position | undefined> {
    for await (const { position } of this.all({ direction: 'backwards', limit: 1 })) return position;
    return undefined;
  }

  async positionOf(stream: string, revision: number): Promise<Position> {
    for await (const { position } of this.stream(stream, { from: revision, limit: 1 })) return position;
    throw new RefitError('STORE_CORRUPT', `Event ${revision} of stream ${stream} was written to KurrentDB and cannot be found there. Did somebody delete the stream?`);
  }

  /** The one event of a stream that keeps one. */
  async lastOf(stream: string): Promise<Stored | undefined> {
    return (await this.#streamPage(stream, 'backwards', undefined, 1))[0];
  }

  async #pageBefore(before: Position | undefined, filter: EventFilter | undefined, size: number): Promise<LogPage> {
    const place = before === undefined ? undefined : fromPosition(before);
    // A checkpoint's prepare half may be 0: backwards, that would leave out the event right before it.
    const fromPlace = place === undefined ? END : { commit: place.commit, prepare: place.prepare === 0n ? place.commit : place.prepare };
    const options = { ...this.#common, direction: BACKWARDS, fromPosition: fromPlace, filter: serverFilter(filter), maxCount: size } as const;
    const page = await this.#read((client) => client.readAll(options), { timeoutMs: scanTimeoutMs });
    return { events: matching(page, filter), end: lastPlace(page) ?? startPosition, complete: page.length < size };
  }

  #streamPage(stream: string, direction: 'forwards' | 'backwards', from: bigint | undefined, maxCount: number): Promise<Stored[]> {
    const fromRevision = from ?? (direction === 'forwards' ? START : END);
    const options = { ...this.#common, direction, fromRevision, maxCount } as const;
    return this.#read((client) => client.readStream(stream, options));
  }

  #read(open: (client: KurrentDBClient) => AsyncIterable<{ readonly event?: Stored }>, options?: CallOptions): Promise<Stored[]> {
    return this.#patience.run(async (client) => {
      const events: Stored[] = [];
      try {
        for await (const { event } of open(client)) if (event !== undefined) events.push(event);
      } catch (error) {
        if (!isCommandErrorOf(error, ErrorType.STREAM_NOT_FOUND, ErrorType.STREAM_DELETED)) throw error;
      }
      return events;
    }, options);
  }
}

const letsNothingThrough = (filter: EventFilter | undefined) => filter?.types?.length === 0 || filter?.streamPrefixes?.length === 0;

function matching(page: readonly Stored[], filter: EventFilter | undefined): RecordedEvent[] {
  const wants = eventMatcher(filter);
  return page.filter((event) => isOurs(event) && wants(event.streamId, event.type)).map(toRecordedEvent);
}

function lastPlace(page: readonly Stored[]): Position | undefined {
  const place = page.at(-1)?.position;
  return isPlace(place) ? toPosition(place) : undefined;
}
