import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from 'pino';
import type { BusHealth } from '../bus.js';
import type { Inbox } from '../inbox.js';
import type { KafkaConfig } from '../kafka-config.js';
import { Availability } from './availability.js';
import type { KafkaClient } from './kafka-client.js';
import { BusOnKafka, type KafkaBus } from './kafka-bus.js';
import { InboxOnKafka } from './kafka-inbox.js';
import { TopicKeeper } from './topic-keeper.js';
import { eventTopics, outsideTopics } from './topics.js';

export interface OpenKafkaOptions {
  readonly config: KafkaConfig;
  /** How the broker knows this process in its logs and quotas, such as `refit-training-3`. */
  readonly clientId: string;
  readonly logger: Logger;
}

export interface OpenKafka {
  readonly bus: KafkaBus;
  readonly inbox: Inbox;
  /** Closes both: handlers under way end, what is done is committed, and others take over at once. */
  close(): Promise<void>;
}

const firstPauseMs = 250;
const longestPauseMs = 5_000;

/**
 * The bus and the inbox on Kafka, which need not be there yet: this resolves at once, `health()` says what is waited for,
 * and messages flow as soon as it is. Until then `publish` is refused and `subscribe` and `receive` resolve after the
 * first try.
 */
export async function openKafka({ config, clientId, logger }: OpenKafkaOptions): Promise<OpenKafka> {
  const client = await loadClient(config, clientId, logger);
  const where = `Kafka at ${config.brokers.join(', ')}`;
  const topicKeeper = new TopicKeeper(client, config, logger);
  const availability = new Availability(where, logger, `connecting to ${where}`);
  const bus = new BusOnKafka({ client, topicKeeper, prefix: config.prefix, where, availability, logger });
  const inbox = new InboxOnKafka({ client, topicKeeper, prefix: config.prefix, logger });
  const stopping = new AbortController();
  const preparing = prepareTopics(topicKeeper, [...eventTopics, ...outsideTopics].map((topic) => config.prefix + topic), where, availability, stopping.signal);
  const closeBus = async () => {
    stopping.abort();
    await bus.close();
  };
  return {
    bus: {
      publish: (messages) => bus.publish(messages),
      subscribe: (group, types, handler) => bus.subscribe(group, types, handler),
      health: () => withInbox(bus.health(), inbox.why),
      stats: () => bus.stats(),
      close: closeBus,
    },
    inbox,
    close: async () => {
      await Promise.all([closeBus(), inbox.close(), preparing]);
      await client.close();
    },
  };
}

/** The library that the configuration names, which is loaded only then. For measurements; everything else uses the bus. */
export async function loadClient(config: KafkaConfig, clientId: string, logger: Logger): Promise<KafkaClient> {
  const { kafkajsClient } = await import('./kafkajs/kafkajs-client.js');
  return kafkajsClient(config, clientId, logger);
}

/** Until all are there. Who needs one before looks for it too. */
async function prepareTopics(topicKeeper: TopicKeeper, topics: readonly string[], where: string, availability: Availability, signal: AbortSignal) {
  for (let pauseMs = firstPauseMs; !signal.aborted; pauseMs = Math.min(2 * pauseMs, longestPauseMs)) {
    try {
      await topicKeeper.ensure(topics);
      availability.works();
      return;
    } catch (error) {
      availability.fails(`${where} cannot be used: ${error instanceof Error ? error.message : String(error)}; check that it runs and that its addresses are right`);
    }
    await sleep(pauseMs * (0.75 + Math.random() / 2), undefined, { signal }).catch(() => undefined);
  }
}

const withInbox = (health: BusHealth, why: string | undefined): BusHealth =>
  why === undefined ? health : { ok: false, why: [health.why, why].filter((one) => one !== undefined).join('; ') };
