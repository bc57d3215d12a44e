import type { JsonObject, JsonValue } from '@bufbuild/protobuf';

/** An event to append. `id` is a UUID, unique within the stream. */
export interface NewEvent {
  readonly id: string;
  readonly type: string;
  readonly data: JsonObject;
  readonly metadata: JsonObject;
}

/** An event as the log holds it. */
export interface RecordedEvent extends NewEvent {
  readonly stream: string;
  /** Of the event in its stream, from 0, dense. */
  readonly revision: number;
  readonly position: Position;
  /** Milliseconds since 1970, by the store's clock. */
  readonly recordedAt: number;
}

/** A place in the whole log: opaque, ordered by `comparePositions`, not dense. */
export type Position = string & { readonly __brand?: 'Position' };

/** What the stream must look like for an append: empty, at this revision, or anything. */
export type ExpectedRevision = number | 'no-stream' | 'any';

export interface Appended {
  /** Revision of the last event written. */
  readonly revision: number;
  readonly position: Position;
}

/** Events that a reader wants: those of one of the stream prefixes (if given) and one of the types (if given). An empty list lets nothing through. */
export interface EventFilter {
  readonly streamPrefixes?: readonly string[];
  readonly types?: readonly string[];
}

export interface ReadOptions {
  readonly direction?: 'forwards' | 'backwards';
  readonly limit?: number;
}

export type SubscriptionMessage =
  | { readonly kind: 'event'; readonly event: RecordedEvent }
  /** Everything up to here was seen, also what the filter left out: a place to resume from. */
  | { readonly kind: 'checkpoint'; readonly position: Position }
  /** Nothing more is in the log right now. Sent each time the subscription has caught up after falling behind. */
  | { readonly kind: 'caught-up'; readonly position: Position };

/**
 * The last value of something that is not history: a heartbeat, progress, the relay's position. After a loss of power an
 * older value may stand again.
 */
export interface BoundedRecord {
  readonly name: string;
  readonly value: JsonValue;
  /** Changes with each write; for compare-and-set. */
  readonly revision: number;
}

/**
 * Where every state change lies. The semantics are the weaker of SQLite's and KurrentDB's:
 *
 * - An append at 'no-stream' or at an exact revision, made again with the same ids and the same expectation, succeeds
 *   with the first result. A partial overlap is a conflict. 'any' promises no deduplication.
 * - Stream names are 1 to 200 printable characters without `$` at the start; an event is at most 64 KiB as JSON, the
 *   events of one append 1 MiB together. What is over these limits is refused before anything is sent.
 */
export interface EventStore {
  /**
   * All of the events, or none.
   *
   * @throws RefitError REVISION_CONFLICT, STREAM_NAME_INVALID, EVENT_TOO_LARGE, REQUEST_INVALID (no events, an id that is
   *   no UUID in lower case, one id twice), STORE_UNAVAILABLE, DISK_FULL
   */
  append(stream: string, events: readonly NewEvent[], expected: ExpectedRevision): Promise<Appended>;
  /** From a revision, inclusive; forwards from 0 and backwards from the end by default. An unknown stream is empty. */
  readStream(stream: string, options?: ReadOptions & { readonly from?: number }): AsyncIterable<RecordedEvent>;
  /** After a position (before it, when backwards), exclusive. */
  readAll(options?: ReadOptions & { readonly after?: Position; readonly filter?: EventFilter }): AsyncIterable<RecordedEvent>;
  /**
   * The log from a position (exclusive; the start by default) on, for as long as it is iterated, until the signal or
   * until the store is closed. Survives reconnects; skips and repeats nothing. 'end' is where the log ended when the
   * subscription had caught up for the first time: wait for that before doing what it is to see. Events may be shared
   * with other subscriptions: do not change them. What other processes append comes within moments; with `prompt` as
   * soon as the store can tell, which costs processor time: for who passes it on.
   */
  subscribe(options: {
    readonly after?: Position | 'end';
    readonly filter?: EventFilter;
    readonly prompt?: boolean;
    readonly signal: AbortSignal;
  }): AsyncIterable<SubscriptionMessage>;
  /** Position of the last event; undefined in an empty log. */
  head(): Promise<Position | undefined>;
  getRecord(name: string): Promise<BoundedRecord | undefined>;
  /** @throws RefitError REVISION_CONFLICT when `expected` is not the record's revision ('none': it must not exist) */
  putRecord(name: string, value: JsonValue, expected?: number | 'none'): Promise<BoundedRecord>;
  close(): Promise<void>;
}

/** Negative when `a` lies before `b`. Positions are decimal integers of any length. */
export const comparePositions = (a: Position, b: Position): number => a.length - b.length || (a < b ? -1 : a > b ? 1 : 0);
