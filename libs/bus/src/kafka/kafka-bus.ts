import { RefitError } from '@refit/contracts';
import type { Bus, BusHandler, BusHealth, BusMessage } from '../bus.js';
import { BusGroup, type BusGroupOptions, type GroupStats } from './bus-group.js';
import { Publisher, type PublisherOptions } from './publisher.js';
import { partingMs, within } from './within.js';

export interface KafkaBusStats extends GroupStats {
  readonly published: number;
  /** Messages that were larger than the broker takes, and were not published. */
  readonly tooLarge: number;
}

export interface KafkaBus extends Bus {
  stats(): KafkaBusStats;
}

/** The bus on Kafka: messages to topics by their types, groups as Kafka's consumer groups. */
export class BusOnKafka implements KafkaBus {
  readonly #options: PublisherOptions;
  readonly #publisher: Publisher;
  readonly #publishing = new Set<Promise<void>>();
  readonly #groups = new Map<string, BusGroup>();
  #closed = false;

  constructor(options: PublisherOptions) {
    this.#options = options;
    this.#publisher = new Publisher(options);
  }

  async publish(messages: readonly BusMessage[]): Promise<void> {
    this.#refuseIfClosed();
    const publishing = this.#publisher.publish(messages);
    this.#publishing.add(publishing);
    await publishing.finally(() => this.#publishing.delete(publishing));
  }

  async subscribe(group: string, types: readonly string[], handler: BusHandler): Promise<() => Promise<void>> {
    this.#refuseIfClosed();
    return this.#group(group).join(types, handler);
  }

  health(): BusHealth {
    if (this.#closed) return { ok: false, why: 'the bus is closed: this process is shutting down' };
    const why = [this.#options.reachability.why, ...[...this.#groups.values()].map((group) => group.why)].filter((one) => one !== undefined);
    return why.length === 0 ? { ok: true } : { ok: false, why: why.join('; ') };
  }

  stats(): KafkaBusStats {
    const total = { handled: 0, failed: 0, unclaimed: 0, unreadable: 0 };
    for (const group of this.#groups.values()) {
      const { handled, failed, unclaimed, unreadable } = group.stats();
      total.handled += handled;
      total.failed += failed;
      total.unclaimed += unclaimed;
      total.unreadable += unreadable;
    }
    return { ...this.#publisher.stats(), ...total };
  }

  async close(): Promise<void> {
    this.#closed = true;
    const published = within(partingMs, Promise.allSettled(this.#publishing));
    await Promise.all([published, ...[...this.#groups.values()].map((group) => group.close())]);
  }

  #group(name: string): BusGroup {
    const { client, topicKeeper, prefix, logger } = this.#options;
    const options: BusGroupOptions = { name, prefix, client, topicKeeper, logger, group: `${prefix}refit.${name.replaceAll(/[^\w.-]/g, '-')}` };
    const group = this.#groups.get(name) ?? new BusGroup(options);
    this.#groups.set(name, group);
    return group;
  }

  #refuseIfClosed() {
    if (this.#closed) throw new RefitError('BUS_UNAVAILABLE', 'the bus is closed: this process is shutting down');
  }
}
