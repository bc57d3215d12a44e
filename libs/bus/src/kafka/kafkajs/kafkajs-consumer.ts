import type { Admin, Consumer, ConsumerGroupJoinEvent, Kafka, KafkaMessage } from 'kafkajs';
import { fetchBytes, fetchBytesPerPartition, fetchWaitMs, heartbeatIntervalMs, rebalanceTimeoutMs, sessionTimeoutMs, silenceMs } from '../consumer-settings.js';
import type { ConsumeOptions, FetchedRecord, KafkaConsumer, PartitionOffset, TopicPartition } from '../kafka-client.js';
import { Watchdog } from '../watchdog.js';
import { failing } from './kafkajs-failure.js';

/** More than anybody assigns to one process. */
const partitionsAtOnce = 256;

/** Joins the group. What ends the consumer is reported, not mended: who uses it begins anew. */
export async function joinWithKafkajs(kafka: Kafka, options: ConsumeOptions): Promise<KafkaConsumer> {
  const consumer = kafka.consumer({
    groupId: options.group,
    sessionTimeout: sessionTimeoutMs,
    heartbeatInterval: heartbeatIntervalMs,
    rebalanceTimeout: rebalanceTimeoutMs,
    maxWaitTimeInMs: fetchWaitMs,
    maxBytesPerPartition: fetchBytesPerPartition,
    maxBytes: fetchBytes,
    allowAutoTopicCreation: false,
    retry: { retries: 5, initialRetryTime: 100, maxRetryTime: 1_000, restartOnFailure: async () => false },
  });
  const member = new KafkajsConsumer(kafka, consumer, options);
  try {
    await consumer.connect();
    await consumer.subscribe({ topics: [...options.topics], fromBeginning: true });
    await member.join();
    return member;
  } catch (error) {
    await consumer.disconnect().catch(() => undefined);
    throw error;
  }
}

class KafkajsConsumer implements KafkaConsumer {
  readonly ended: Promise<Error>;
  readonly #kafka: Kafka;
  readonly #consumer: Consumer;
  readonly #options: ConsumeOptions;
  readonly #end: (why: Error) => void;
  /** Resolves when it is known where the partitions of the present assignment begin. */
  #positioned: Promise<void> = Promise.resolve();
  readonly #watchdog: Watchdog;
  #joinedBefore = false;
  #closed = false;

  constructor(kafka: Kafka, consumer: Consumer, options: ConsumeOptions) {
    this.#kafka = kafka;
    this.#consumer = consumer;
    this.#options = options;
    const { promise, resolve } = Promise.withResolvers<Error>();
    this.ended = promise;
    this.#end = (why) => {
      this.#closed = true;
      this.#watchdog.stop();
      resolve(why);
    };
    this.#watchdog = new Watchdog(silenceMs, () => this.#end(new Error(`the broker has not answered for ${silenceMs / 1000} s`)));
  }

  async join(): Promise<void> {
    const { GROUP_JOIN, REBALANCING, HEARTBEAT, CRASH } = this.#consumer.events;
    const joined = new Promise<void>((resolve, reject) => {
      this.#consumer.on(GROUP_JOIN, (event) => {
        this.#watchdog.heard();
        this.#positioned = this.#positioned.then(() => this.#position(event));
        this.#positioned.then(resolve, (error: unknown) => {
          reject(error);
          this.#end(asError(error));
        });
      });
      void this.ended.then(reject);
    });
    this.#consumer.on(REBALANCING, () => {
      this.#watchdog.heard();
      this.#options.rebalancing();
    });
    this.#consumer.on(HEARTBEAT, () => this.#watchdog.heard());
    this.#consumer.on(CRASH, ({ payload }) => this.#end(payload.error));
    const running = this.#consumer.run({
      autoCommit: false,
      partitionsConsumedConcurrently: partitionsAtOnce,
      eachBatch: async (payload) => {
        await this.#positioned;
        if (payload.isStale()) return; // what it begins with lies further on
        const { batch } = payload;
        await this.#options.deliver(batch, batch.messages.map(fetchedRecord));
      },
    });
    await Promise.all([joined, running]);
  }

  commit(offsets: readonly PartitionOffset[]): Promise<void> {
    return failing(() => this.#consumer.commitOffsets(offsets.map(({ topic, partition, offset }) => ({ topic, partition, offset: String(offset) }))));
  }

  pause({ topic, partition }: TopicPartition): void {
    if (!this.#closed) this.#consumer.pause([{ topic, partitions: [partition] }]);
  }

  resume({ topic, partition }: TopicPartition): void {
    if (!this.#closed) this.#consumer.resume([{ topic, partitions: [partition] }]);
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#watchdog.stop();
    await this.#consumer.disconnect();
  }

  async #position({ payload: { memberId, memberAssignment } }: ConsumerGroupJoinEvent) {
    const partitions = Object.entries(memberAssignment).flatMap(([topic, numbers]) => numbers.map((partition) => ({ topic, partition })));
    const fresh = this.#joinedBefore || partitions.length === 0 ? [] : await this.#beginningsOfTheNew(partitions);
    this.#joinedBefore = true;
    for (const { topic, partition, offset } of fresh) this.#consumer.seek({ topic, partition, offset: String(offset) });
    this.#options.assigned(memberId, partitions, fresh);
  }

  /** Where to begin in those partitions in which the group has no place yet. */
  async #beginningsOfTheNew(partitions: readonly TopicPartition[]): Promise<readonly PartitionOffset[]> {
    const { begin, group } = this.#options;
    if (begin === 'oldest') return []; // as this consumer does by itself
    const topics = [...new Set(partitions.map(({ topic }) => topic))];
    const admin = this.#kafka.admin();
    try {
      await admin.connect();
      const committed = await admin.fetchOffsets({ groupId: group, topics });
      const known = new Set(committed.flatMap(({ topic, partitions: all }) => all.filter(({ offset }) => offset !== '-1').map(({ partition }) => nameOf({ topic, partition }))));
      const unknown = partitions.filter((partition) => !known.has(nameOf(partition)));
      return (await beginnings(admin, new Set(unknown.map(({ topic }) => topic)), begin)).filter((one) => unknown.some((wanted) => nameOf(wanted) === nameOf(one)));
    } finally {
      await admin.disconnect().catch(() => undefined);
    }
  }
}

async function beginnings(admin: Admin, topics: Iterable<string>, begin: 'end' | { readonly since: number }): Promise<readonly PartitionOffset[]> {
  const found: PartitionOffset[] = [];
  for (const topic of topics) {
    const offsets = begin === 'end' ? await admin.fetchTopicOffsets(topic) : await admin.fetchTopicOffsetsByTimestamp(topic, begin.since);
    found.push(...offsets.map(({ partition, offset }) => ({ topic, partition, offset: BigInt(offset) })));
  }
  return found;
}

const nameOf = ({ topic, partition }: TopicPartition) => `${topic} ${partition}`;

const fetchedRecord = ({ offset, key, value, headers = {} }: KafkaMessage): FetchedRecord => ({
  offset: BigInt(offset),
  key: key ?? undefined,
  value: value ?? Buffer.alloc(0),
  headers: Object.entries(headers).flatMap(([name, values]) => [values ?? []].flat().map((one) => [name, Buffer.from(one)] as const)),
});

const asError = (error: unknown) => (error instanceof Error ? error : new Error(String(error)));
