import pino, { type Logger } from 'pino';
import { afterEach, expect, vi } from 'vitest';
import type { KafkaConfig } from '@refit/bus';
import { openKafka, type OpenKafka } from '@refit/bus/kafka';
import { freshPrefix } from '../support/kafka/describe-kafka.ts';

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

/** Opens Kafka, and closes it after the test. */
export function opener(client: KafkaConfig['client'], brokers: () => string) {
  const opened: OpenKafka[] = [];
  afterEach(async () => {
    await Promise.all(opened.splice(0).map((kafka) => kafka.close()));
  });
  return async (config: Partial<KafkaConfig> = {}, logger: Logger = pino({ level: 'silent' })): Promise<OpenKafka & { readonly prefix: string }> => {
    const prefix = config.prefix ?? freshPrefix();
    const kafka = await openKafka({ config: { brokers: brokers().split(','), client, partitions: 3, replicationFactor: 1, prefix, ...config }, clientId: 'spec', logger });
    opened.push(kafka);
    return { ...kafka, prefix };
  };
}

/** Once its topics are there and its groups are joined. */
export const untilWell = async ({ bus }: OpenKafka) => {
  await eventually(() => expect(bus.health()).toEqual({ ok: true }));
};
