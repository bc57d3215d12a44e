import type { Logger } from 'pino';
import type { KafkaConfig } from '../kafka-config.js';
import type { KafkaClient } from './kafka-client.js';

/** Sees to it that topics are there. */
export class TopicKeeper {
  readonly #client: KafkaClient;
  readonly #config: KafkaConfig;
  readonly #logger: Logger;
  readonly #there = new Set<string>();
  /** One after the other: two that make the same topic are in each other's way. */
  #working: Promise<void> = Promise.resolve();

  constructor(client: KafkaClient, config: KafkaConfig, logger: Logger) {
    this.#client = client;
    this.#config = config;
    this.#logger = logger;
  }

  /** Makes those that are missing. One with fewer partitions than configured serves as well. @throws KafkaFailure */
  async ensure(topics: Iterable<string>): Promise<void> {
    const wanted = [...topics];
    if (wanted.every((topic) => this.#there.has(topic))) return;
    const work = this.#working.then(() => this.#ensure(wanted.filter((topic) => !this.#there.has(topic))));
    this.#working = work.catch(() => undefined);
    await work;
  }

  /** They may be gone: looked for anew when they are needed. */
  forget(topics: Iterable<string>): void {
    for (const topic of topics) this.#there.delete(topic);
  }

  async #ensure(topics: readonly string[]) {
    if (topics.length === 0) return;
    const { partitions, replicationFactor } = this.#config;
    const found = await this.#client.partitionCounts(topics);
    const missing = topics.filter((topic) => !found.has(topic));
    if (missing.length > 0) {
      await this.#client.createTopics(missing.map((name) => ({ name, partitions, replicationFactor })));
      this.#logger.info({ topics: missing, partitions, replicationFactor }, `made the Kafka topics ${missing.join(', ')}`);
    }
    for (const [topic, count] of found) if (count < partitions) this.#sayFewer(topic, count);
    for (const topic of topics) this.#there.add(topic);
  }

  #sayFewer(topic: string, count: number) {
    const { partitions } = this.#config;
    this.#logger.warn(
      { topic, partitions: count, configured: partitions },
      `the Kafka topic ${topic} has ${count} partitions, not the ${partitions} configured: it works, with at most ${count} processes of a service at a time; to change that: kafka-topics --alter --topic ${topic} --partitions ${partitions}`,
    );
  }
}
