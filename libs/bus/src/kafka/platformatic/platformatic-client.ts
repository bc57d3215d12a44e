import { setTimeout as sleep } from 'node:timers/promises';
import { Admin, compatibilityPartitioner, findErrorBy, ListOffsetTimestamps, ProduceAcks, Producer, type BaseOptions } from '@platformatic/kafka';
import type { KafkaConfig } from '../../kafka-config.js';
import { connectTimeoutMs, requestTimeoutMs } from '../consumer-settings.js';
import type { ConsumeOptions, KafkaClient, KafkaConsumer, NewTopic, OutgoingRecord } from '../kafka-client.js';
import { readCertificate } from '../read-certificate.js';
import { joinWithPlatformatic } from './platformatic-consumer.js';
import { failing } from './platformatic-failure.js';

type PlainProducer = Producer<Buffer, Buffer, Buffer, Buffer>;

const mechanisms = { plain: 'PLAIN', 'scram-sha-256': 'SCRAM-SHA-256', 'scram-sha-512': 'SCRAM-SHA-512' } as const;

/** `@platformatic/kafka` 2 behind our port. */
export function platformaticClient({ brokers, tls, sasl }: KafkaConfig, clientId: string): KafkaClient {
  return new PlatformaticClient({
    clientId,
    bootstrapBrokers: [...brokers],
    connectTimeout: connectTimeoutMs,
    requestTimeout: requestTimeoutMs,
    timeout: requestTimeoutMs,
    retries: 2,
    retryDelay: 150,
    autocreateTopics: false,
    ...(tls && { tls: tls.caFile === undefined ? {} : { ca: [readCertificate(tls.caFile)] } }),
    ...(sasl && { sasl: { mechanism: mechanisms[sasl.mechanism], username: sasl.username, password: sasl.password } }),
  });
}

class PlatformaticClient implements KafkaClient {
  readonly #options: BaseOptions;
  #producer: PlainProducer | undefined;

  constructor(options: BaseOptions) {
    this.#options = options;
  }

  partitionCounts(topics: readonly string[]): Promise<ReadonlyMap<string, number>> {
    return this.#administer(async (admin) => {
      const there = new Set(await admin.listTopics());
      const wanted = topics.filter((topic) => there.has(topic));
      if (wanted.length === 0) return new Map();
      const found = await admin.metadata({ topics: wanted, forceUpdate: true });
      return new Map([...found.topics].map(([name, { partitionsCount }]) => [name, partitionsCount]));
    });
  }

  createTopics(topics: readonly NewTopic[]): Promise<void> {
    return this.#administer(async (admin) => {
      // One after the other: a request for several fails as a whole when one of them has just been made by somebody else
      for (const { name, partitions, replicationFactor } of topics) {
        await admin.createTopics({ topics: [name], partitions, replicas: replicationFactor }).catch(unlessThere);
      }
      for (const topic of topics) await untilLed(admin, topic);
    });
  }

  async produce(records: readonly OutgoingRecord[]): Promise<void> {
    this.#producer ??= new Producer({ ...this.#options, idempotent: true, acks: ProduceAcks.ALL, partitioner: compatibilityPartitioner });
    const messages = records.map(({ topic, key, headers, value }) => ({
      topic,
      key: Buffer.from(key),
      value,
      headers: new Map(Object.entries(headers).map(([name, text]) => [Buffer.from(name), Buffer.from(text)])),
    }));
    const producer = this.#producer;
    await failing(() => producer.send({ messages }));
  }

  consume(options: ConsumeOptions): Promise<KafkaConsumer> {
    return failing(() => joinWithPlatformatic(this.#options, options));
  }

  async close(): Promise<void> {
    await this.#producer?.close();
    this.#producer = undefined;
  }

  #administer<T>(work: (admin: Admin) => Promise<T>): Promise<T> {
    return failing(async () => {
      const admin = new Admin(this.#options);
      try {
        return await work(admin);
      } finally {
        await admin.close().catch(() => undefined);
      }
    });
  }
}

/** Somebody else may make the same topic at the same moment. */
function unlessThere(error: unknown): void {
  if (!(error instanceof Error) || findErrorBy(error, 'apiId', 'TOPIC_ALREADY_EXISTS') === null) throw error;
}

const patienceMs = 10_000;

/** A new topic is known a moment before its partitions have leaders that answer. */
async function untilLed(admin: Admin, { name, partitions }: NewTopic): Promise<void> {
  const wanted = Array.from({ length: partitions }, (_, partitionIndex) => ({ partitionIndex, timestamp: ListOffsetTimestamps.LATEST }));
  for (const until = performance.now() + patienceMs; ; await sleep(20)) {
    try {
      await admin.listOffsets({ topics: [{ name, partitions: wanted }] });
      return;
    } catch (error) {
      if (performance.now() > until) throw error;
    }
  }
}
