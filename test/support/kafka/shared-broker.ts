import type { TestProject } from 'vitest/node';
import { startBroker, type Broker } from './broker.ts';
import { findJars, findKafka, type KafkaSource } from './find-kafka.ts';
import type { KafkaJars } from './kafka-jars.ts';

/** What specs are told about Kafka on this machine. */
export interface KafkaAtHand {
  readonly source: KafkaSource;
  /** `host:port` of one broker for all specs, which keep apart by the prefixes of their topics and groups. */
  readonly brokers: string | undefined;
  /** For Kafka's console tools. */
  readonly jars: KafkaJars | undefined;
}

declare module 'vitest' {
  interface ProvidedContext {
    kafka: KafkaAtHand;
  }
}

/** Before the Kafka specs, if any are to run: finds Kafka, and starts the broker that they share. */
export default async function shareBroker(project: TestProject): Promise<() => Promise<void>> {
  const source = await findKafka();
  const broker = source.kind === 'docker' || source.kind === 'java' ? await startBroker({}, source) : undefined;
  const jars = source.kind === 'java' ? source.jars : await findJars();
  project.provide('kafka', { source, brokers: source.kind === 'given' ? source.brokers : broker?.brokers, jars: typeof jars === 'string' ? undefined : jars });
  console.log(`\nKafka specs: ${inWords(source, broker)}\n`);
  return async () => broker?.stop();
}

function inWords(source: KafkaSource, broker: Broker | undefined): string {
  switch (source.kind) {
    case 'given': return `the broker of KAFKA_BROKERS, ${source.brokers}; what needs a broker that may be killed is skipped`;
    case 'none': return `SKIPPED, for ${source.why}`;
    case 'docker':
    case 'java': return `a broker of our own, ${broker?.about} on ${broker?.brokers}`;
  }
}
