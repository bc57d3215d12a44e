import type { KafkaConfig } from '@refit/bus';
import { pino } from 'pino';
import { connectionFault } from './connection-fault.js';
import type { Finding } from './finding.js';

const what = 'Kafka';

/** Which of the brokers take connections, and whether Kafka itself answers with the topics that Refit needs. */
export async function probeKafka(config: KafkaConfig): Promise<readonly Finding[]> {
  const brokers = await Promise.all(config.brokers.map(probeBroker));
  return brokers.some(({ ok }) => ok) ? [...brokers, await probeTopics(config)] : brokers;
}

async function probeBroker(broker: string): Promise<Finding> {
  const fault = await connectionFault(broker);
  return { what, ok: fault === undefined, says: fault === undefined ? `${broker} takes connections` : `${broker} cannot be reached (${fault}): is the broker up, and is the address right?` };
}

async function probeTopics(config: KafkaConfig): Promise<Finding> {
  const { eventTopics, loadClient, outsideTopics } = await import('@refit/bus/kafka');
  const client = await loadClient(config, 'refit-config-check', pino({ level: 'silent' }));
  try {
    const topics = [...eventTopics, ...outsideTopics].map((topic) => config.prefix + topic);
    const partitions = await client.partitionCounts(topics);
    const missing = topics.filter((topic) => !partitions.has(topic));
    const narrow = topics.filter((topic) => (partitions.get(topic) ?? config.partitions) < config.partitions);
    const there = missing.length === 0 ? `all ${topics.length} topics are there` : `${partitions.size} of ${topics.length} topics are there, and the others are made at the first start`;
    return { what, ok: true, says: [`it answers; ${there}`, ...(narrow.length === 0 ? [] : [`fewer than ${config.partitions} partitions have ${narrow.join(', ')}`])].join('; ') };
  } catch (error) {
    return { what, ok: false, says: `it does not answer as Kafka does: ${error instanceof Error ? error.message : String(error)}. Check TLS, credentials and the addresses that it advertises` };
  } finally {
    await client.close().catch(() => {}); // what was found is what counts
  }
}
