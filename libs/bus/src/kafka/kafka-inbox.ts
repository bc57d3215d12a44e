import type { Logger } from 'pino';
import type { Inbox, InboxHandler, OutsideMessage } from '../inbox.js';
import { GroupConsumer } from './group-consumer.js';
import type { FetchedRecord, KafkaClient, TopicPartition } from './kafka-client.js';
import { textHeaders } from './message-codec.js';
import { SelectiveLog } from './selective-log.js';
import type { TopicKeeper } from './topic-keeper.js';

export interface KafkaInboxOptions {
  readonly client: KafkaClient;
  readonly topicKeeper: TopicKeeper;
  readonly prefix: string;
  readonly logger: Logger;
}

/** Messages that are handed over at once. */
const batchSize = 500;

/**
 * The topics of outsiders, one consumer group for all processes that receive; each asks for the same topics. It begins
 * with the oldest message that is kept: what was sent before Refit first ran counts.
 */
export class InboxOnKafka implements Inbox {
  readonly #options: KafkaInboxOptions;
  #consumer: GroupConsumer | undefined;

  constructor(options: KafkaInboxOptions) {
    this.#options = options;
  }

  async receive(topics: readonly string[], handler: InboxHandler): Promise<() => Promise<void>> {
    if (this.#consumer !== undefined) throw new Error('this process receives already');
    const { client, topicKeeper, prefix, logger } = this.#options;
    const failures = new SelectiveLog(logger);
    const consumer = new GroupConsumer({
      client, topicKeeper, logger,
      group: `${prefix}refit.inbox`,
      begin: 'oldest',
      work: (place) => ({
        batchSize,
        work: async (records) => handler(records.map((record) => outsideMessage(place, record, prefix))),
        onFailure: (error, { offset }) => failures.warn({ err: error, ...place, offset: String(offset) }, `messages of ${place.topic}, partition ${place.partition}, could not be taken in: they wait there and are tried again`),
      }),
    });
    this.#consumer = consumer;
    await consumer.read(topics.map((topic) => prefix + topic));
    return async () => {
      await consumer.stop();
      if (this.#consumer === consumer) this.#consumer = undefined;
    };
  }

  /** Why nothing comes; undefined when messages flow or none are wanted. */
  get why(): string | undefined {
    return this.#consumer?.why;
  }

  async close(): Promise<void> {
    await this.#consumer?.stop();
  }
}

const outsideMessage = ({ topic, partition }: TopicPartition, { offset, key, headers, value }: FetchedRecord, prefix: string): OutsideMessage => ({
  topic: topic.slice(prefix.length),
  partition,
  offset: String(offset),
  key,
  headers: Object.fromEntries(textHeaders(headers.map(([name, text]) => [name.toLowerCase(), text]))),
  body: value,
});
