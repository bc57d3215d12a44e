import type { ITopicConfig } from 'kafkajs';
import pino, { type Logger } from 'pino';
import { expect, inject, vi, type TestContext } from 'vitest';
import type { KafkaConfig } from '@refit/bus';
import { openKafka, type OpenKafka } from '@refit/bus/kafka';
import { freshPrefix } from '../support/kafka/describe-kafka.ts';
import { administer } from './outsider.ts';

/** Every library that the configuration can name. */
export const clients: readonly KafkaConfig['client'][] = ['kafkajs', 'platformatic'];

export const eventually = <T>(check: () => T | Promise<T>) => vi.waitFor(check, { timeout: 45_000, interval: 20 });

/** What was logged: the texts of lines of this level. */
export interface KeptLog {
  readonly logger: Logger;
  readonly texts: (level: 'info' | 'warn' | 'error') => readonly string[];
}

export function keptLog(): KeptLog {
  const lines: { level: number; msg: string }[] = [];
  const logger = pino({ level: 'info' }, { write: (line: string) => void lines.push(JSON.parse(line) as { level: number; msg: string }) });
  return { logger, texts: (level) => lines.filter((line) => line.level === pino.levels.values[level]).map(({ msg }) => msg) };
}

export interface OpenOptions extends Partial<Omit<KafkaConfig, 'brokers'>> {
  readonly client: KafkaConfig['client'];
  /** `host:port`, with commas between several; otherwise those that specs share. */
  readonly brokers?: string | undefined;
  readonly logger?: Logger;
}

/** Opens Kafka, under a fresh prefix unless told, and closes it after the test. */
export async function open(onTestFinished: TestContext['onTestFinished'], { brokers = inject('kafka').brokers ?? '', logger = pino({ level: 'silent' }), ...config }: OpenOptions): Promise<OpenKafka & { readonly prefix: string }> {
  const prefix = config.prefix ?? freshPrefix();
  const kafka = await openKafka({ config: { partitions: 3, replicationFactor: 1, ...config, brokers: brokers.split(','), prefix }, clientId: 'spec', logger });
  onTestFinished(() => kafka.close());
  return { ...kafka, prefix };
}

/** Once its topics are there and its groups are joined. */
export const untilWell = async ({ bus }: OpenKafka) => {
  await eventually(() => expect(bus.health()).toEqual({ ok: true }));
};

/** As an operator makes it. Resolves when it can be written and read. */
export const makeTopic = (brokers: string, topic: ITopicConfig): Promise<void> =>
  administer(brokers, async (admin) => {
    await admin.createTopics({ topics: [topic], waitForLeaders: false });
    await eventually(() => admin.fetchTopicOffsets(topic.topic));
  });
