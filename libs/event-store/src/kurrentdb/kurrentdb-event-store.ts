import type { JsonValue } from '@bufbuild/protobuf';
import { assertStreamName, serialiseEvents, serialiseRecord } from '../event-rules.js';
import type { Appended, BoundedRecord, EventFilter, EventStore, ExpectedRevision, NewEvent, Position, ReadOptions, RecordedEvent, SubscriptionMessage } from '../event-store.js';
import { AppendEvents } from './append-events.js';
import type { KurrentDbAddress } from './connection-string.js';
import { closedError } from './kurrentdb-errors.js';
import { fromPosition } from './log-position.js';
import { LogTail, type KurrentDbLogger } from './log-tail.js';
import { Patience, type PatienceOptions } from './patience.js';
import { ReadLog } from './read-log.js';
import { assertNoRecordStream } from './record-streams.js';
import { Records } from './records.js';
import { ReplaceableClient } from './replaceable-client.js';
import { subscription } from './subscription.js';

/** The port on KurrentDB. One client each for reads, appends and the tail, so that replacing one does not end the calls of the others. */
export class KurrentDbEventStore implements EventStore {
  readonly #shown: string;
  readonly #clients: readonly ReplaceableClient[];
  readonly #log: ReadLog;
  readonly #appends: AppendEvents;
  readonly #records: Records;
  readonly #tail: LogTail;
  readonly #closing = new AbortController();

  constructor(address: KurrentDbAddress, patience: PatienceOptions, logger: KurrentDbLogger | undefined) {
    const { signal } = this.#closing;
    const [reads, appends, tail] = [new ReplaceableClient(address), new ReplaceableClient(address), new ReplaceableClient(address)];
    this.#shown = address.shown;
    this.#clients = [reads, appends, tail];
    this.#log = new ReadLog(new Patience(reads, patience, signal), address.credentials);
    this.#appends = new AppendEvents(new Patience(appends, patience, signal), this.#log);
    this.#records = new Records(this.#appends, this.#log);
    this.#tail = new LogTail(tail, signal, logger);
  }

  async append(stream: string, events: readonly NewEvent[], expected: ExpectedRevision): Promise<Appended> {
    this.#assertOpen();
    assertStreamName(stream);
    assertNoRecordStream(stream);
    serialiseEvents(stream, events);
    return this.#appends.append(stream, events, expected);
  }

  readStream(stream: string, options: ReadOptions & { readonly from?: number } = {}): AsyncIterable<RecordedEvent> {
    this.#assertOpen();
    assertStreamName(stream);
    assertNoRecordStream(stream);
    return this.#whileOpen(this.#log.stream(stream, options));
  }

  readAll(options: ReadOptions & { readonly after?: Position; readonly filter?: EventFilter } = {}): AsyncIterable<RecordedEvent> {
    this.#assertOpen();
    if (options.after !== undefined) fromPosition(options.after);
    return this.#whileOpen(this.#log.all(options));
  }

  subscribe({ after, filter, signal }: { readonly after?: Position | 'end'; readonly filter?: EventFilter; readonly signal: AbortSignal }): AsyncIterable<SubscriptionMessage> {
    this.#assertOpen();
    if (after !== undefined && after !== 'end') fromPosition(after);
    return subscription(this.#log, this.#tail, { after, filter, signal: AbortSignal.any([signal, this.#closing.signal]) });
  }

  async head(): Promise<Position | undefined> {
    this.#assertOpen();
    return this.#log.head();
  }

  async getRecord(name: string): Promise<BoundedRecord | undefined> {
    this.#assertOpen();
    assertStreamName(name);
    return this.#records.get(name);
  }

  async putRecord(name: string, value: JsonValue, expected?: number | 'none'): Promise<BoundedRecord> {
    this.#assertOpen();
    assertStreamName(name);
    serialiseRecord(name, value);
    return this.#records.put(name, value, expected);
  }

  /** Ends the subscriptions, and waits for the writes under way. */
  async close(): Promise<void> {
    if (this.#closing.signal.aborted) return;
    this.#closing.abort();
    await this.#appends.settled();
    await Promise.all(this.#clients.map((client) => client.close()));
  }

  async *#whileOpen(events: AsyncIterable<RecordedEvent>): AsyncGenerator<RecordedEvent, void> {
    this.#assertOpen();
    for await (const event of events) {
      this.#assertOpen();
      yield event;
    }
  }

  #assertOpen(): void {
    if (this.#closing.signal.aborted) throw closedError(this.#shown);
  }
}
