import { setTimeout as sleep } from 'node:timers/promises';
import type { FetchedRecord } from './kafka-client.js';

export interface PartitionWork {
  /** Messages that are handed over at once. */
  readonly batchSize: number;
  /** While it rejects, the partition waits and the same messages are handed over again. */
  readonly work: (records: readonly FetchedRecord[]) => Promise<void>;
  readonly onFailure: (error: unknown, first: FetchedRecord) => void;
}

/** What may wait in memory, of one partition. */
const fullBytes = 512 * 1024;
const fullRecords = 1_000;
const firstPauseMs = 250;
const longestPauseMs = 5_000;

/** Does what comes from one partition, in its order, a batch after the other. */
export class PartitionWorker {
  readonly #work: PartitionWork;
  readonly #stopping = new AbortController();
  #waiting: FetchedRecord[] = [];
  #waitingBytes = 0;
  /** After the last message that was taken in. */
  #next: bigint | undefined;
  /** Before this offset nothing can come again, unless the topic began anew. */
  #floor: bigint | undefined;
  #done: bigint | undefined;
  #running: Promise<void> | undefined;
  #room = Promise.withResolvers<void>();

  constructor(work: PartitionWork, from: bigint | undefined) {
    this.#work = work;
    this.#next = from;
    this.#floor = from;
    this.#done = from;
  }

  /** The first offset that is not done; undefined when nothing has come yet. */
  get done(): bigint | undefined {
    return this.#done;
  }

  /** Handlers are under way, or messages wait. */
  get busy(): boolean {
    return this.#running !== undefined;
  }

  get isFull(): boolean {
    return this.#waitingBytes >= fullBytes || this.#waiting.length >= fullRecords;
  }

  /** Resolves when about half of it is free again, or nothing is taken any more. */
  room(): Promise<void> {
    return this.isFull ? this.#room.promise : Promise.resolve();
  }

  /** What was taken before is passed over: after a rebalance the broker repeats what it was not told of. */
  take(records: readonly FetchedRecord[]): void {
    const first = records[0];
    if (first === undefined || this.#stopping.signal.aborted) return;
    this.#floor ??= first.offset;
    if (first.offset < this.#floor) this.#beginAnew(first.offset);
    for (const record of records) {
      if (this.#next !== undefined && record.offset < this.#next) continue;
      this.#waiting.push(record);
      this.#waitingBytes += sizeOf(record);
      this.#next = record.offset + 1n;
    }
    if (this.#waiting.length > 0) this.#running ??= this.#run();
  }

  /** The broker has been told that all before this is done. */
  committed(offset: bigint): void {
    this.#floor = offset;
  }

  /** Begins nothing more; resolves when the handlers under way have ended. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    this.#waiting = [];
    this.#waitingBytes = 0;
    this.#room.resolve();
    await this.#running;
  }

  /** Offsets that lie before what the broker has confirmed belong to a new topic of the same name. */
  #beginAnew(offset: bigint) {
    this.#waiting = [];
    this.#waitingBytes = 0;
    this.#next = undefined;
    this.#done = offset;
    this.#floor = offset;
  }

  async #run() {
    const { signal } = this.#stopping;
    while (this.#waiting.length > 0 && !signal.aborted) {
      const batch = this.#waiting.splice(0, this.#work.batchSize);
      for (const record of batch) this.#waitingBytes -= sizeOf(record);
      this.#tellRoom();
      await this.#untilDone(batch, signal);
    }
    this.#running = undefined;
  }

  async #untilDone(batch: readonly FetchedRecord[], signal: AbortSignal) {
    const [first] = batch;
    const last = batch.at(-1);
    if (first === undefined || last === undefined) return;
    for (let pauseMs = firstPauseMs; ; pauseMs = Math.min(2 * pauseMs, longestPauseMs)) {
      try {
        await this.#work.work(batch);
        this.#done = last.offset + 1n;
        return;
      } catch (error) {
        this.#work.onFailure(error, first);
      }
      await sleep(pauseMs, undefined, { signal }).catch(() => undefined);
      if (signal.aborted) return;
    }
  }

  #tellRoom() {
    if (this.#waitingBytes > fullBytes / 2 || this.#waiting.length > fullRecords / 2) return;
    this.#room.resolve();
    this.#room = Promise.withResolvers();
  }
}

/** With some bytes for the objects themselves. */
const sizeOf = ({ key, value, headers }: FetchedRecord): number =>
  200 + value.length + (key?.length ?? 0) + headers.reduce((sum, [name, text]) => sum + name.length + text.length, 0);
