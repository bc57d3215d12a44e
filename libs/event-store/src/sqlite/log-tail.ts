import type { RecordedEvent } from '../event-store.js';
import type { ChangeWatch } from './change-watch.js';
import { LiveQueue, type Subscriber } from './live-queue.js';
import type { LockPatience } from './lock-patience.js';
import type { ReadPage } from './log-page.js';
import { toRecordedEvent, type RecordedRow } from './recorded-row.js';
import { isLocked, storeError } from './sqlite-errors.js';

/** How long a subscriber may not hear that what happens is not for it. */
const checkpointAfterMs = 100;
const endless = Number.MAX_SAFE_INTEGER;

/**
 * Reads what is new in the log once, for all subscriptions of this process that have caught up, and parses an event
 * only when one of them wants it.
 */
export class LogTail {
  readonly #readPage: ReadPage;
  readonly #watch: ChangeWatch;
  readonly #queues = new Set<LiveQueue>();
  readonly #patience: LockPatience;
  #end = 0;
  #reading: NodeJS.Immediate | undefined;
  #checkpoints: NodeJS.Timeout | undefined;

  constructor(readPage: ReadPage, watch: ChangeWatch, patience: LockPatience) {
    this.#patience = patience;
    this.#readPage = readPage;
    this.#watch = watch;
  }

  /**
   * A queue of what comes after `end`. Call it in the same turn in which `end` was read as the end of the log: then
   * the tail is not ahead of it, and nothing is skipped.
   */
  join(end: number, subscriber: Subscriber): LiveQueue {
    const queue = new LiveQueue(end, subscriber);
    if (this.#queues.size === 0) {
      this.#end = end;
      this.#watch.start(() => this.wake());
    }
    this.#queues.add(queue);
    this.#watch.prompt = this.#isPrompt;
    return queue;
  }

  leave(queue: LiveQueue, failure?: Error): void {
    queue.close(failure);
    this.#queues.delete(queue);
    this.#watch.prompt = this.#isPrompt;
    if (this.#queues.size > 0) return;
    this.#watch.stop();
    clearImmediate(this.#reading);
    clearTimeout(this.#checkpoints);
    this.#reading = this.#checkpoints = undefined;
  }

  get #isPrompt(): boolean {
    return [...this.#queues].some(({ prompt }) => prompt);
  }

  /** This process has committed. Who wrote hears of it first, unless somebody is to have the news at once. */
  committed(): void {
    if (this.#watch.prompt) this.wake();
    else if (this.#queues.size > 0 && this.#reading === undefined) this.#wakeNextTurn();
  }

  /** Something was committed, here or in another process. Whether it was something new in the log. */
  wake(): boolean {
    if (this.#queues.size === 0 || this.#reading !== undefined) return false;
    try {
      return this.#read();
    } catch (error) {
      if (isLocked(error)) this.#wakeNextTurn();
      else this.#fail(storeError(error, this.#patience.file));
      return false;
    }
  }

  #read(): boolean {
    const { rows, end } = this.#readPage(this.#end, endless);
    for (const row of rows) this.#fanOut(row);
    this.#end = rows.at(-1)?.position ?? this.#end;
    for (const queue of this.#queues) queue.advance(this.#end);
    this.#scheduleCheckpoints();
    if (end !== endless) this.#wakeNextTurn();
    return rows.length > 0;
  }

  /** Every subscriber gets the error: who subscribes again will see whether it lasts. */
  #fail(failure: Error): void {
    for (const queue of this.#queues) this.leave(queue, failure);
  }

  #wakeNextTurn(): void {
    this.#reading = setImmediate(() => {
      this.#reading = undefined;
      this.wake();
    });
  }

  #fanOut(row: RecordedRow): void {
    let event: RecordedEvent | undefined;
    for (const queue of this.#queues) {
      if (row.position <= queue.end || !queue.wants(row.stream, row.type)) continue;
      event ??= toRecordedEvent(row);
      if (!queue.put(event)) this.leave(queue);
    }
  }

  #scheduleCheckpoints(): void {
    if (this.#checkpoints !== undefined || ![...this.#queues].some((queue) => queue.silent)) return;
    this.#checkpoints = setTimeout(() => {
      this.#checkpoints = undefined;
      for (const queue of this.#queues) if (queue.silent) queue.tellCheckpoint();
    }, checkpointAfterMs);
  }
}
