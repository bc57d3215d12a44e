import { startDockerBroker } from './docker-broker.ts';
import { findKafka, type KafkaSource } from './find-kafka.ts';
import { startJavaBroker } from './java-broker.ts';

export interface BrokerOptions {
  /** Where its data are; they stay when it stops. Otherwise a temporary folder, removed when it stops. Java only. */
  readonly folder?: string;
  /** On loopback; otherwise one that is free. */
  readonly port?: number;
  /** More server properties, or others. */
  readonly settings?: Readonly<Record<string, string>>;
}

/** A broker of Apache Kafka of one's own: one node, on loopback, topics only by request. */
export interface Broker {
  /** `host:port` */
  readonly brokers: string;
  /** Which Kafka this is, in words. */
  readonly about: string;
  /** Of its process; undefined in a container. */
  readonly pid: number | undefined;
  /** At once, as when the machine goes down. `restart` brings it back with its data. */
  kill(): Promise<void>;
  /** As an operator stops it, for good. */
  stop(): Promise<void>;
  /** Ends it at once if it runs, and starts it with the same address and data. */
  restart(): Promise<void>;
  /** Does nothing from now on, keeps its connections. */
  stall(): Promise<void>;
  resume(): Promise<void>;
}

/** Resolves when it answers. It ends with this process at the latest. */
export async function startBroker(options: BrokerOptions = {}, source?: KafkaSource): Promise<Broker> {
  const kafka = source ?? (await findKafka());
  switch (kafka.kind) {
    case 'given': throw new Error(`KAFKA_BROKERS names a broker (${kafka.brokers}) that is not ours to start and stop`);
    case 'none': throw new Error(`no Kafka broker can be started: ${kafka.why}`);
    case 'docker': return startDockerBroker(options);
    case 'java': return startJavaBroker(kafka.jars, options);
  }
}
