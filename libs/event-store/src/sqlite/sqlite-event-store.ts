import type { DatabaseSync } from 'node:sqlite';
import type { JsonValue } from '@bufbuild/protobuf';
import { RefitError } from '@refit/contracts';
import { assertStreamName, serialiseEvents, serialiseRecord } from '../event-rules.js';
import type { Appended, BoundedRecord, EventFilter, EventStore, ExpectedRevision, NewEvent, Position, ReadOptions, RecordedEvent, SubscriptionMessage } from '../event-store.js';
import { ChangeWatch } from './change-watch.js';
import type { LockPatience } from './lock-patience.js';
import { prepareForwards } from './log-page.js';
import { LogTail } from './log-tail.js';
import { readAll, readStream } from './read-log.js';
import { parseJson, toPosition } from './recorded-row.js';
import { subscription } from './subscription.js';
import type { WriterSettings } from './write-request.js';
import { WriterThread } from './writer-thread.js';

/**
 * The log in an SQLite file. One connection reads, in pages of a few milliseconds and with no read left open across an
 * await; another one writes, in a thread of its own.
 */
export class SqliteEventStore implements EventStore {
  readonly #database: DatabaseSync;
  readonly #file: string;
  readonly #patience: LockPatience;
  readonly #writer: WriterThread;
  readonly #tail: LogTail;
  readonly #head: () => number;
  readonly #closing = new AbortController();

  constructor(database: DatabaseSync, settings: WriterSettings, patience: LockPatience) {
    this.#database = database;
    this.#file = settings.file;
    this.#patience = patience;
    this.#tail = new LogTail(prepareForwards(database), new ChangeWatch(database), patience);
    this.#writer = new WriterThread(settings, () => this.#tail.wake());
    const selectHead = database.prepare('SELECT coalesce(max(position), 0) AS head FROM events');
    this.#head = () => Number(selectHead.get()?.['head']);
  }

  async append(stream: string, events: readonly NewEvent[], expected: ExpectedRevision): Promise<Appended> {
    this.#assertOpen();
    assertStreamName(stream);
    return this.#writer.append({ stream, events: serialiseEvents(stream, events), expected });
  }

  readStream(stream: string, options: ReadOptions & { readonly from?: number } = {}): AsyncIterable<RecordedEvent> {
    this.#assertOpen();
    assertStreamName(stream);
    return readStream(this.#database, this.#patience, stream, options);
  }

  readAll(options: ReadOptions & { readonly after?: Position; readonly filter?: EventFilter } = {}): AsyncIterable<RecordedEvent> {
    this.#assertOpen();
    return readAll(this.#database, this.#patience, this.#head, { ...options, after: options.after === undefined ? undefined : fromPosition(options.after) });
  }

  subscribe({ after, filter, signal }: { readonly after?: Position | 'end'; readonly filter?: EventFilter; readonly signal: AbortSignal }): AsyncIterable<SubscriptionMessage> {
    this.#assertOpen();
    const start = after === 'end' ? this.#patience.run(this.#head) : Promise.resolve(after === undefined ? 0 : fromPosition(after));
    // Somebody may never iterate; who does gets the error.
    start.catch(() => undefined);
    const source = { patience: this.#patience, tail: this.#tail, head: this.#head, readPage: prepareForwards(this.#database, filter) };
    return subscription(source, { start, filter, signal: AbortSignal.any([signal, this.#closing.signal]) });
  }

  async head(): Promise<Position | undefined> {
    this.#assertOpen();
    const head = await this.#patience.run(this.#head);
    return head === 0 ? undefined : toPosition(head);
  }

  async getRecord(name: string): Promise<BoundedRecord | undefined> {
    this.#assertOpen();
    assertStreamName(name);
    const row = await this.#patience.run(() => this.#database.prepare('SELECT revision, value FROM records WHERE name = ?').get(name));
    return row && { name, value: parseJson(String(row['value'])), revision: Number(row['revision']) };
  }

  async putRecord(name: string, value: JsonValue, expected?: number | 'none'): Promise<BoundedRecord> {
    this.#assertOpen();
    assertStreamName(name);
    const text = serialiseRecord(name, value);
    const { revision } = await this.#writer.put({ name, value: text, expected });
    return { name, value: parseJson(text), revision };
  }

  /** Ends the subscriptions, and waits for the writes under way. */
  async close(): Promise<void> {
    if (this.#closing.signal.aborted) return;
    this.#closing.abort();
    await this.#writer.settled();
    // The writer last: who closes the file last puts the WAL into it.
    this.#database.close();
    await this.#writer.close();
  }

  #assertOpen(): void {
    if (this.#closing.signal.aborted) throw new RefitError('STORE_UNAVAILABLE', `The event store ${this.#file} was closed in this process.`);
  }
}

function fromPosition(position: Position): number {
  if (!/^\d{1,15}$/.test(position)) throw new RefitError('REQUEST_INVALID', `${JSON.stringify(position)} is not a position in this log. Positions come from the events and checkpoints that the store hands out.`);
  return Number(position);
}
