import type { Bus, BusMessage } from '../bus.js';
import { seededRandom, shuffled } from './seeded-random.js';

export interface BusFaults {
  /** Which part of the messages is lost, 0 to 1, or all of them. */
  readonly drop?: number | 'all';
  /** How often each message that is not lost is delivered. */
  readonly duplicate?: number;
  /** Seed of an order that mixes deliveries of different publishes. */
  readonly shuffle?: number;
}

/** Deliveries that are mixed with one another. */
const shuffleWindow = 24;
/** When fewer have come together, the last ones are let go after this time. */
const shuffleDelayMs = 15;

/**
 * A bus that does what a real one may do, and more of it: for tests. Which messages are lost and how each window of
 * deliveries is ordered is decided by the seed and the sequence of publishes.
 */
export function faultyBus(bus: Bus, { drop = 0, duplicate = 1, shuffle }: BusFaults): Bus {
  const random = seededRandom(shuffle ?? 1);
  const lost = drop === 'all' ? 1 : drop;
  let held: BusMessage[] = [];
  let timer: NodeJS.Timeout | undefined;

  const release = async () => {
    clearTimeout(timer);
    timer = undefined;
    const deliveries = shuffled(held, random);
    held = [];
    if (deliveries.length > 0) await bus.publish(deliveries);
  };

  return {
    async publish(messages) {
      const deliveries = messages
        .filter(() => random() >= lost)
        .flatMap((message) => Array.from({ length: duplicate }, () => message));
      if (deliveries.length === 0) return;
      if (shuffle === undefined) return bus.publish(deliveries);
      held.push(...deliveries);
      if (held.length >= shuffleWindow) await release();
      // A bus that closes meanwhile loses what is held, as a broker that goes down would.
      else timer ??= setTimeout(() => void release().catch(() => {}), shuffleDelayMs);
    },
    subscribe: (group, types, handler) => bus.subscribe(group, types, handler),
    health: () => bus.health(),
    async close() {
      await release();
      await bus.close();
    },
  };
}
