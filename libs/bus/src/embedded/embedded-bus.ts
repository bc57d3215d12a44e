import { RefitError } from '@refit/contracts';
import type { Logger } from 'pino';
import type { Bus, BusHandler, BusHealth, BusMessage } from '../bus.js';
import { ConsumerGroup } from './consumer-group.js';
import { Subscriber, type SubscriberLimits } from './subscriber.js';

export interface BusStats {
  readonly published: number;
  /** Handler calls that ended, failed ones included. */
  readonly handled: number;
  readonly failed: number;
  /** Messages of a type that no group subscribes to. */
  readonly unclaimed: number;
}

export interface EmbeddedBus extends Bus {
  stats(): BusStats;
}

export interface EmbeddedBusOptions extends Partial<SubscriberLimits> {
  readonly logger: Logger;
}

/**
 * The bus of a single process. Each subscriber has a queue of `capacity` messages (1024), and up to `concurrency` of its
 * handlers (32) are under way at once; a publisher waits while a queue is full.
 */
export const embeddedBus = ({ logger, capacity = 1024, concurrency = 32 }: EmbeddedBusOptions): EmbeddedBus =>
  new InProcessBus(logger, { capacity, concurrency });

class InProcessBus implements EmbeddedBus {
  readonly #logger: Logger;
  readonly #limits: SubscriberLimits;
  readonly #groups = new Map<string, ConsumerGroup>();
  readonly #publishing = new Set<Promise<unknown>>();
  readonly #stats = { published: 0, handled: 0, failed: 0, unclaimed: 0 };
  #closed = false;

  constructor(logger: Logger, limits: SubscriberLimits) {
    this.#logger = logger;
    this.#limits = limits;
  }

  async publish(messages: readonly BusMessage[]): Promise<void> {
    this.#refuseIfClosed();
    this.#stats.published += messages.length;
    this.#countUnclaimed(messages);
    // Each group takes them at its own pace: one that is full delays the publisher, not the others.
    const accepted = Promise.all([...this.#groups.values()].map((group) => group.accept(messages)));
    this.#publishing.add(accepted);
    await accepted.finally(() => this.#publishing.delete(accepted));
  }

  async subscribe(groupName: string, types: readonly string[], handler: BusHandler): Promise<() => Promise<void>> {
    this.#refuseIfClosed();
    const group = this.#group(groupName);
    const subscriber = new Subscriber(types, (message) => this.#handle(groupName, handler, message), this.#limits);
    group.join(subscriber);
    return () => group.leave(subscriber);
  }

  health(): BusHealth {
    return this.#closed ? { ok: false, why: 'the bus is closed: this process is shutting down' } : { ok: true };
  }

  async close(): Promise<void> {
    this.#closed = true;
    await Promise.all(this.#publishing);
    await Promise.all([...this.#groups.values()].map((group) => group.leaveAll()));
  }

  stats(): BusStats {
    return { ...this.#stats };
  }

  async #handle(group: string, handler: BusHandler, message: BusMessage): Promise<void> {
    try {
      await handler(message);
    } catch (error) {
      this.#stats.failed++;
      const { type, stream, revision } = message;
      this.#logger.error({ err: error, group, type, stream, revision }, `a handler of group ${group} failed on ${type}`);
    } finally {
      this.#stats.handled++;
    }
  }

  #group(name: string): ConsumerGroup {
    const group = this.#groups.get(name) ?? new ConsumerGroup();
    this.#groups.set(name, group);
    return group;
  }

  #countUnclaimed(messages: readonly BusMessage[]) {
    for (const { type } of messages) {
      if (![...this.#groups.values()].some((group) => group.wants(type))) this.#stats.unclaimed++;
    }
  }

  #refuseIfClosed() {
    if (this.#closed) throw new RefitError('BUS_UNAVAILABLE', 'the bus is closed: this process is shutting down');
  }
}
