import { ErrorType } from '@kurrent/kurrentdb-client';
import type { EventMatcher } from '../event-matcher.js';
import { comparePositions, type Position, type RecordedEvent } from '../event-store.js';
import { isCommandErrorOf, storeError } from './kurrentdb-errors.js';
import { LiveQueue } from './live-queue.js';
import { fromPosition, startPosition, toPosition } from './log-position.js';
import { pause } from './patience.js';
import { isOurs, toRecordedEvent } from './recorded-event.js';
import type { ReplaceableClient } from './replaceable-client.js';
import { tailFeed, type TailMessage } from './tail-feed.js';

/** How long a subscriber may not hear that what happens is not for it. */
const checkpointAfterMs = 100;

/** Told of what a person should know. A pino logger fits. */
export interface KurrentDbLogger {
  info(details: object, message: string): void;
  warn(details: object, message: string): void;
}

/**
 * The one subscription of this process to what is new in the log, for all subscribers that have caught up: the server
 * sends each event once, and each is parsed once. It begins with the first subscriber and connects again for as long
 * as the store is open, from where it was.
 */
export class LogTail {
  readonly #client: ReplaceableClient;
  readonly #closing: AbortSignal;
  readonly #logger: KurrentDbLogger | undefined;
  readonly #queues = new Set<LiveQueue>();
  /** Everything up to here was handed out. */
  #end: Position | undefined;
  #started: PromiseWithResolvers<void> | undefined;
  #checkpoints: NodeJS.Timeout | undefined;

  constructor(client: ReplaceableClient, closing: AbortSignal, logger: KurrentDbLogger | undefined) {
    this.#client = client;
    this.#closing = closing;
    this.#logger = logger;
  }

  /** Resolves once it is known where the log ends; also when the store is closed. @throws RefitError STORE_ACCESS_DENIED */
  start(): Promise<void> {
    if (this.#started === undefined) {
      this.#started = Promise.withResolvers<void>();
      this.#started.promise.catch(() => undefined);
      void this.#run(this.#started);
    }
    return this.#started.promise;
  }

  /** A queue of everything that comes after its start. Call it when the tail has started. */
  join(wants: EventMatcher): LiveQueue {
    const queue = new LiveQueue(this.#end ?? startPosition, wants);
    this.#queues.add(queue);
    return queue;
  }

  leave(queue: LiveQueue, failure?: Error): void {
    queue.close(failure);
    this.#queues.delete(queue);
  }

  async #run(started: PromiseWithResolvers<void>): Promise<void> {
    for (let attempt = 0; !this.#closing.aborted; attempt += 1) {
      const client = this.#client.current;
      let connected = false;
      try {
        for await (const message of tailFeed(client, this.#end === undefined ? undefined : fromPosition(this.#end), this.#closing)) {
          if (!connected && attempt > 0) this.#logger?.info({}, `Connected to KurrentDB at ${this.#client.address.shown} again`);
          connected = true;
          this.#take(message);
          if (this.#end !== undefined) started.resolve();
        }
      } catch (error) {
        if (isCommandErrorOf(error, ErrorType.ACCESS_DENIED)) return this.#fail(storeError(error, this.#client.address.shown), started);
        this.#warn(error);
        if (!isCommandErrorOf(error, ErrorType.NOT_LEADER)) this.#client.replace(client);
      }
      if (connected) attempt = 0;
      await pause(attempt, this.#closing).catch(() => undefined);
    }
    clearTimeout(this.#checkpoints);
    for (const queue of this.#queues) this.leave(queue);
    started.resolve();
  }

  #take(message: TailMessage): void {
    if (message.kind === 'event') {
      if (isOurs(message.event)) this.#handOut(toRecordedEvent(message.event));
    } else if (message.position !== undefined) {
      this.#advance(toPosition(message.position));
    } else {
      // An empty log has no position.
      this.#end ??= startPosition;
    }
    this.#scheduleCheckpoints();
  }

  #handOut(event: RecordedEvent): void {
    // After a reconnect the server begins after the position that it was given.
    this.#end = event.position;
    for (const queue of this.#queues) if (!queue.put(event)) this.leave(queue);
  }

  #advance(end: Position): void {
    if (this.#end !== undefined && comparePositions(end, this.#end) <= 0) return;
    this.#end = end;
    for (const queue of this.#queues) queue.advance(end);
  }

  /** Every subscriber gets the error: who subscribes again will see whether it lasts. */
  #fail(failure: Error, started: PromiseWithResolvers<void>): void {
    this.#started = undefined;
    started.reject(failure);
    for (const queue of this.#queues) this.leave(queue, failure);
  }

  #warn(error: unknown): void {
    if (!this.#closing.aborted) this.#logger?.warn({ reason: error instanceof Error ? error.message : String(error) }, `The subscription to KurrentDB at ${this.#client.address.shown} broke off; connecting again`);
  }

  #scheduleCheckpoints(): void {
    if (this.#checkpoints !== undefined || ![...this.#queues].some((queue) => queue.silent)) return;
    this.#checkpoints = setTimeout(() => {
      this.#checkpoints = undefined;
      for (const queue of this.#queues) if (queue.silent) queue.tellCheckpoint();
    }, checkpointAfterMs);
  }
}
