import type { DatabaseSync } from 'node:sqlite';
import type { JsonValue } from '@bufbuild/protobuf';
import { RefitError } from '@refit/contracts';
import { assertStreamName, serialiseEvents, serialiseRecord } from '../event-rules.js';
import type { Appended, BoundedRecord, EventFilter, EventStore, ExpectedRevision, NewEvent, Position, ReadOptions, RecordedEvent, SubscriptionMessage } from '../event-store.js';
import { prepareAppend, type AppendEvents } from './append-events.js';
import { openBell, type Bell } from './bell.js';
import { ChangeWatch } from './change-watch.js';
import { Checkpointer } from './checkpointer.js';
import { GroupCommit } from './group-commit.js';
import type { LockPatience } from './lock-patience.js';
import { prepareForwards, prepareStreams } from './log-page.js';
import { LogTail } from './log-tail.js';
import { readAll, readStream } from './read-log.js';
import { toPosition } from './recorded-row.js';
import { prepareRecords, type Records } from './records.js';
import { closedError } from './sqlite-errors.js';
import { StreamEnds } from './stream-ends.js';
import { subscription } from './subscription.js';

/**
 * The log in an SQLite file. One connection does everything: the interface of node:sqlite is synchronous, so
 * nothing of one call comes between the statements of another, and no read stays open across an await.
 */
export class SqliteEventStore implements EventStore {
  readonly #database: DatabaseSync;
  readonly #patience: LockPatience;
  readonly #writes: GroupCommit;
  readonly #checkpointer: Checkpointer;
  readonly #bell: Bell;
  readonly #append: AppendEvents;
  readonly #records: Records;
  readonly #streams: ReturnType<typeof prepareStreams>;
  readonly #tail: LogTail;
  readonly #head: () => number;
  readonly #closing = new AbortController();

  constructor(database: DatabaseSync, patience: LockPatience) {
    this.#database = database;
    this.#patience = patience;
    this.#records = prepareRecords(database);
    this.#streams = prepareStreams(database);
    this.#tail = new LogTail(prepareForwards(database), new ChangeWatch(database, patience.file), patience);
    this.#checkpointer = new Checkpointer(patience.file);
    this.#bell = openBell(patience.file);
    const ends = new StreamEnds(database);
    this.#append = prepareAppend(database, ends);
    this.#writes = new GroupCommit(database, patience, {
      begun: () => ends.begin(),
      committed: () => {
        this.#bell.ring();
        this.#tail.committed();
      },
      undone: () => ends.forget(),
    });
    const selectHead = database.prepare('SELECT coalesce(max(position), 0) AS head FROM events');
    this.#head = () => Number(selectHead.get()?.['head']);
  }

  async append(stream: string, events: readonly NewEvent[], expected: ExpectedRevision): Promise<Appended> {
    this.#assertOpen();
    assertStreamName(stream);
    const serialised = serialiseEvents(stream, events);
    const appended = await this.#writes.write(events.length, () => this.#append(stream, serialised, expected));
    this.#checkpointer.appended(events.length, Number(appended.position));
    return appended;
  }

  readStream(stream: string, options: ReadOptions & { readonly from?: number } = {}): AsyncIterable<RecordedEvent> {
    this.#assertOpen();
    assertStreamName(stream);
    return readStream(this.#streams, this.#patience, stream, options);
  }

  readAll(options: ReadOptions & { readonly after?: Position; readonly filter?: EventFilter } = {}): AsyncIterable<RecordedEvent> {
    this.#assertOpen();
    return readAll(this.#database, this.#patience, this.#head, { ...options, after: options.after === undefined ? undefined : fromPosition(options.after) });
  }

  subscribe({ after, filter, prompt = false, signal }: Parameters<EventStore['subscribe']>[0]): AsyncIterable<SubscriptionMessage> {
    this.#assertOpen();
    const start = after === 'end' ? this.#patience.run(this.#head) : Promise.resolve(after === undefined ? 0 : fromPosition(after));
    // Somebody may never iterate; who does gets the error.
    start.catch(() => undefined);
    const source = { patience: this.#patience, tail: this.#tail, head: this.#head, readPage: prepareForwards(this.#database, filter) };
    return subscription(source, { start, filter, prompt, signal: AbortSignal.any([signal, this.#closing.signal]) });
  }

  async head(): Promise<Position | undefined> {
    this.#assertOpen();
    const head = await this.#patience.run(this.#head);
    return head === 0 ? undefined : toPosition(head);
  }

  async getRecord(name: string): Promise<BoundedRecord | undefined> {
    this.#assertOpen();
    assertStreamName(name);
    return this.#patience.run(() => this.#records.get(name));
  }

  async putRecord(name: string, value: JsonValue, expected?: number | 'none'): Promise<BoundedRecord> {
    this.#assertOpen();
    assertStreamName(name);
    const text = serialiseRecord(name, value);
    const record = await this.#writes.write(1, () => this.#records.put(name, text, expected), { durable: false });
    this.#checkpointer.recorded();
    return record;
  }

  /** Ends the subscriptions, and waits for the writes under way. */
  async close(): Promise<void> {
    if (this.#closing.signal.aborted) return;
    this.#closing.abort();
    await this.#writes.settled();
    this.#bell.close();
    this.#database.close();
    await this.#checkpointer.close();
  }

  #assertOpen(): void {
    if (this.#closing.signal.aborted) throw closedError(this.#patience.file);
  }
}

function fromPosition(position: Position): number {
  if (!/^\d{1,15}$/.test(position)) throw new RefitError('REQUEST_INVALID', `${JSON.stringify(position)} is not a position in this log. Positions come from the events and checkpoints that the store hands out.`);
  return Number(position);
}
