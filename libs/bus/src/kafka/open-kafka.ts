import type { Logger } from 'pino';
import type { BusHealth } from '../bus.js';
import type { Inbox } from '../inbox.js';
import type { KafkaConfig } from '../kafka-config.js';
import type { KafkaClient } from './kafka-client.js';
import { BusOnKafka, type KafkaBus } from './kafka-bus.js';
import { InboxOnKafka } from './kafka-inbox.js';
import { Reachability } from './reachability.js';
import { TopicKeeper } from './topic-keeper.js';
import { eventTopics, outsideTopics } from './topics.js';
import { partingMs, within } from './within.js';

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

/**
 * The bus and the inbox on Kafka, which need not be there yet: this resolves at once, `health()` says what is waited for,
 * and messages flow as soon as it is. Until then `publish` is refused and `subscribe` and `receive` resolve after the
 * first try.
 */
export async function openKafka({ config, clientId, logger }: OpenKafkaOptions): Promise<OpenKafka> {
  const client = await loadClient(config, clientId, logger);
  const { brokers, prefix } = config;
  const topicKeeper = new TopicKeeper(client, config, logger);
  const topics = [...eventTopics, ...outsideTopics].map((topic) => prefix + topic);
  const reachability = new Reachability(`Kafka at ${brokers.join(', ')}`, topicKeeper, topics, logger);
  const bus = new BusOnKafka({ client, topicKeeper, prefix, reachability, logger });
  const inbox = new InboxOnKafka({ client, topicKeeper, prefix, logger });
  const closeBus = async () => {
    await Promise.all([reachability.stop(), bus.close()]);
  };
  reachability.look();
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
      await Promise.all([closeBus(), inbox.close()]);
      await within(partingMs, client.close());
    },
  };
}

/** The library that the configuration names, which is loaded only then. For measurements; everything else uses the bus. */
export async function loadClient(config: KafkaConfig, clientId: string, logger: Logger): Promise<KafkaClient> {
  switch (config.client) {
    case 'kafkajs': return (await import('./kafkajs/kafkajs-client.js')).kafkajsClient(config, clientId, logger);
    case 'platformatic': return (await import('./platformatic/platformatic-client.js')).platformaticClient(config, clientId);
  }
}

const withInbox = (health: BusHealth, why: string | undefined): BusHealth =>
  why === undefined ? health : { ok: false, why: [health.why, why].filter((one) => one !== undefined).join('; ') };
