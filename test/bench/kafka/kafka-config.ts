import type { KafkaConfig } from '@refit/bus';

/** What the services have by default. */
export const kafkaConfig = (brokers: string, client: KafkaConfig['client'], prefix: string): KafkaConfig => ({ brokers: [brokers], client, partitions: 6, replicationFactor: 1, prefix });
