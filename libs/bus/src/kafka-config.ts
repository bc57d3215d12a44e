/** How to reach Kafka, and what is made there. */
export interface KafkaConfig {
  /** `host:port` of at least one broker. */
  readonly brokers: readonly string[];
  /** The library that speaks to Kafka. */
  readonly client: 'kafkajs' | 'platformatic';
  /** Of a topic that Refit makes. */
  readonly partitions: number;
  readonly replicationFactor: number;
  /** Before the name of each topic and group, so that several installations can share a broker; such as `staging.`. */
  readonly prefix: string;
  readonly tls?: { readonly caFile?: string };
  readonly sasl?: { readonly mechanism: 'plain' | 'scram-sha-256' | 'scram-sha-512'; readonly username: string; readonly password: string };
}
