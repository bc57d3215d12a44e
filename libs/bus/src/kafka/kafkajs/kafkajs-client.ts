import { setTimeout as sleep } from 'node:timers/promises';
import kafkajs, { type Admin, type Kafka, type Producer, type SASLOptions } from 'kafkajs';
import type { Logger } from 'pino';
import type { KafkaConfig } from '../../kafka-config.js';
import { connectTimeoutMs, requestTimeoutMs } from '../consumer-settings.js';
import type { ConsumeOptions, KafkaClient, KafkaConsumer, NewTopic, OutgoingRecord } from '../kafka-client.js';
import { readCertificate } from '../read-certificate.js';
import { calmRequestQueue } from './calm-request-queue.js';
import { learnCompressions } from './compression-codecs.js';
import { failing } from './kafkajs-failure.js';
import { joinWithKafkajs } from './kafkajs-consumer.js';

/** kafkajs 2.2.4 behind our port. Its log goes to ours, at the level debug: what matters is said by who uses it. */
export function kafkajsClient(config: KafkaConfig, clientId: string, logger: Logger): KafkaClient {
  calmRequestQueue();
  learnCompressions();
  const { tls, sasl } = config;
  const kafka = new kafkajs.Kafka({
    clientId,
    brokers: [...config.brokers],
    connectionTimeout: connectTimeoutMs,
    requestTimeout: requestTimeoutMs,
    retry: { retries: 2, initialRetryTime: 100, maxRetryTime: 1_000 },
    logLevel: logger.isLevelEnabled('debug') ? kafkajs.logLevel.INFO : kafkajs.logLevel.NOTHING,
    logCreator: () => ({ log: { message, timestamp: _timestamp, ...fields } }) => logger.debug(fields, `kafkajs: ${message}`),
    ...(tls && { ssl: tls.caFile === undefined ? true : { ca: [readCertificate(tls.caFile)] } }),
    ...(sasl && { sasl: sasl as SASLOptions }), // one of its mechanisms; it wants to know which when compiled
  });
  return new KafkajsClient(kafka);
}

class KafkajsClient implements KafkaClient {
  readonly #kafka: Kafka;
  #producer: Promise<Producer> | undefined;

  constructor(kafka: Kafka) {
    this.#kafka = kafka;
  }

  partitionCounts(topics: readonly string[]): Promise<ReadonlyMap<string, number>> {
    return this.#administer(async (admin) => {
      const there = new Set(await admin.listTopics());
      const wanted = topics.filter((topic) => there.has(topic));
      if (wanted.length === 0) return new Map();
      const found = await admin.fetchTopicMetadata({ topics: wanted });
      return new Map(found.topics.map(({ name, partitions }) => [name, partitions.length]));
    });
  }

  createTopics(topics: readonly NewTopic[]): Promise<void> {
    return this.#administer(async (admin) => {
      await admin.createTopics({ topics: topics.map(({ name, partitions, replicationFactor }) => ({ topic: name, numPartitions: partitions, replicationFactor })) });
      for (const { name } of topics) await untilLed(admin, name);
    });
  }

  async produce(records: readonly OutgoingRecord[]): Promise<void> {
    const byTopic = Map.groupBy(records, ({ topic }) => topic);
    const topicMessages = [...byTopic].map(([topic, ofTopic]) => ({ topic, messages: ofTopic.map(({ key, headers, value }) => ({ key, headers, value })) }));
    await failing(async () => (await this.#connectedProducer()).sendBatch({ acks: -1, timeout: requestTimeoutMs, topicMessages }));
  }

  consume(options: ConsumeOptions): Promise<KafkaConsumer> {
    return failing(() => joinWithKafkajs(this.#kafka, options));
  }

  async close(): Promise<void> {
    const producer = await this.#producer?.catch(() => undefined);
    this.#producer = undefined;
    await producer?.disconnect();
  }

  /**
   * Not idempotent: when one partition of a request fails, kafkajs takes back the sequence numbers of all of them, and
   * the broker would take what comes next for a repetition, and drop it.
   */
  #connectedProducer(): Promise<Producer> {
    this.#producer ??= this.#connectProducer();
    return this.#producer;
  }

  async #connectProducer() {
    const producer = this.#kafka.producer({ createPartitioner: kafkajs.Partitioners.DefaultPartitioner, allowAutoTopicCreation: false, retry: { retries: 1 } });
    try {
      await producer.connect();
      return producer;
    } catch (error) {
      this.#producer = undefined;
      await producer.disconnect().catch(() => undefined);
      throw error;
    }
  }

  #administer<T>(work: (admin: Admin) => Promise<T>): Promise<T> {
    return failing(async () => {
      const admin = this.#kafka.admin();
      try {
        await admin.connect();
        return await work(admin);
      } finally {
        await admin.disconnect().catch(() => undefined);
      }
    });
  }
}

const patienceMs = 10_000;

/** A new topic is known a moment before its partitions have leaders that answer. */
async function untilLed(admin: Admin, topic: string): Promise<void> {
  for (const until = performance.now() + patienceMs; ; await sleep(20)) {
    try {
      await admin.fetchTopicOffsets(topic);
      return;
    } catch (error) {
      if (performance.now() > until) throw error;
    }
  }
}
