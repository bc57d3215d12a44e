import { performance } from 'node:perf_hooks';
import { inBatches, type EventStore, type Position, type SubscriptionMessage } from '@refit/event-store';
import type { Logger } from 'pino';
import type { Bus, BusMessage } from '../bus.js';
import { pause } from './pause.js';
import { RelayLease } from './relay-lease.js';

export interface RelayOptions {
  readonly store: EventStore;
  readonly bus: Bus;
  readonly instanceId: string;
  readonly leaseTtlMs: number;
  readonly logger: Logger;
  /** No other process can be alive (this one holds the data directory): a role left by a crash is taken at once. */
  readonly soleInstance?: boolean;
  /** Milliseconds of a clock that is never set. */
  readonly monotonicNow?: () => number;
}

export interface RelayStats {
  /** This process holds the role now. */
  readonly holding: boolean;
  readonly published: number;
  readonly position: Position | undefined;
  /** How often this process took the role. */
  readonly taken: number;
}

export interface Relay {
  /** Stops publishing, records how far it came, and leaves the role free for the next to take at once. */
  stop(): Promise<void>;
  stats(): RelayStats;
}

const batchSize = 500;
const positionWrittenEveryMs = 200;
const afterFailureMs = 250;
/** So often it is said again that the bus is away. */
const toldEveryMs = 30_000;

/**
 * Publishes what is appended to the log, so that nobody has to look for it. One process at a time holds the role; the
 * others watch it and take over when it is silent for the TTL.
 *
 * The position is recorded after the bus took the messages over, so a new holder repeats the last moments of the one
 * before and skips nothing. So does a holder that learns too late that it was replaced.
 */
export const startRelay = (options: RelayOptions): Relay => new LogRelay(options);

class LogRelay implements Relay {
  readonly #options: RelayOptions;
  readonly #lease: RelayLease;
  readonly #stopping = new AbortController();
  readonly #ended: Promise<void>;
  #holding = false;
  #published = 0;
  #taken = 0;
  #position: Position | undefined;

  constructor(options: RelayOptions) {
    this.#options = options;
    const { store, instanceId, leaseTtlMs, soleInstance = false, monotonicNow = () => performance.now() } = options;
    this.#lease = new RelayLease({ store, instanceId, ttlMs: leaseTtlMs, soleInstance, monotonicNow });
    this.#ended = this.#run();
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#ended;
  }

  stats(): RelayStats {
    return { holding: this.#holding, published: this.#published, position: this.#position, taken: this.#taken };
  }

  async #run() {
    const { leaseTtlMs, logger } = this.#options;
    const { signal } = this.#stopping;
    while (!signal.aborted) {
      try {
        if (await this.#lease.tryTake()) await this.#hold();
        else await pause(Math.min(1000, leaseTtlMs / 4), signal);
      } catch (error) {
        logger.error({ err: error }, 'the relay was interrupted and starts again');
        await pause(afterFailureMs, signal);
      }
    }
    await this.#lease
      .free(this.#position)
      .catch((error: unknown) => logger.warn({ err: error }, 'the relay could not record where it stopped; the next one repeats a little'));
  }

  async #hold() {
    const end = new AbortController();
    const signal = AbortSignal.any([this.#stopping.signal, end.signal]);
    this.#position = this.#lease.position;
    this.#holding = true;
    this.#taken++;
    this.#options.logger.debug({ epoch: this.#lease.epoch, position: this.#position }, 'this process relays the log to the bus');
    const renewing = this.#keepRole(signal, end);
    try {
      await this.#publishLog(signal);
    } finally {
      this.#holding = false;
      end.abort();
      await renewing;
    }
  }

  async #publishLog(signal: AbortSignal) {
    const log = this.#options.store.subscribe({ signal, prompt: true, ...(this.#position !== undefined && { after: this.#position }) });
    for await (const batch of inBatches(log, batchSize)) {
      const messages = batch.flatMap((message) => (message.kind === 'event' ? [message.event] : []));
      if (!(await this.#publish(messages, signal))) return;
      this.#published += messages.length;
      this.#position = batch.map(positionOf).at(-1);
    }
  }

  /** Until the bus has taken them over. False when the role ended before. */
  async #publish(messages: readonly BusMessage[], signal: AbortSignal): Promise<boolean> {
    let toldAt = -Infinity;
    while (!signal.aborted) {
      try {
        if (messages.length > 0) await this.#options.bus.publish(messages);
        return true;
      } catch (error) {
        if (performance.now() - toldAt >= toldEveryMs) {
          toldAt = performance.now();
          this.#options.logger.warn({ err: error, messages: messages.length }, 'the bus does not take messages over; they are published again until it does');
        }
        await pause(afterFailureMs, signal);
      }
    }
    return false;
  }

  /** Renews the role well within the TTL, and sooner when there is a position to record. */
  async #keepRole(signal: AbortSignal, end: AbortController) {
    const { leaseTtlMs, logger } = this.#options;
    const interval = Math.min(positionWrittenEveryMs, leaseTtlMs / 4);
    for (await pause(interval, signal); !signal.aborted; await pause(interval, signal)) {
      const due = this.#position !== this.#lease.position || this.#lease.age >= leaseTtlMs / 4;
      const kept = !due || (await this.#lease.renew(this.#position).catch((error: unknown) => {
        logger.warn({ err: error }, 'the relay could not renew its record and tries again');
        return true;
      }));
      if (!kept) {
        logger.warn('another process has taken over the relay: this one was silent for too long');
        end.abort();
      }
    }
  }
}

const positionOf = (message: SubscriptionMessage): Position => (message.kind === 'event' ? message.event.position : message.position);
