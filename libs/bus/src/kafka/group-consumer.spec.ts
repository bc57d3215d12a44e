import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { GroupConsumer } from './group-consumer.js';
import { KafkaFailure, type FailureKind, type KafkaClient } from './kafka-client.js';
import { TopicKeeper } from './topic-keeper.js';

let now = 0;
beforeEach(() => {
  now = 0;
  vi.spyOn(performance, 'now').mockImplementation(() => now);
});
afterEach(() => vi.restoreAllMocks());

/** A group that Kafka lets nobody join, for a reason of this kind, until it is told otherwise. */
function group(kind: FailureKind) {
  const lines: { readonly level: number; readonly msg: string }[] = [];
  const logger = pino({ level: 'info' }, { write: (line: string) => void lines.push(JSON.parse(line)) });
  const broker = { tries: 0, letsIn: false };
  const client: KafkaClient = {
    partitionCounts: async (topics) => new Map(topics.map((topic) => [topic, 1])),
    createTopics: async () => {},
    produce: async () => {},
    consume: async () => {
      broker.tries++;
      if (!broker.letsIn) throw new KafkaFailure(kind, 'the coordinator is loading', undefined);
      return { ended: new Promise(() => {}), commit: async () => {}, pause: () => {}, resume: () => {}, close: async () => {} };
    },
    close: async () => {},
  };
  const topicKeeper = new TopicKeeper(client, { brokers: ['k:1'], client: 'kafkajs', partitions: 1, replicationFactor: 1, prefix: '' }, logger);
  const consumer = new GroupConsumer({ client, group: 'g', begin: 'end', work: () => ({ batchSize: 1, work: async () => {}, onFailure: () => {} }), logger, topicKeeper });
  const triedAgain = () => {
    const before = broker.tries;
    return vi.waitFor(() => expect(broker.tries).toBeGreaterThan(before), { timeout: 10_000 });
  };
  return { consumer, broker, triedAgain, said: (level: number) => lines.filter((line) => line.level === level).map(({ msg }) => msg) };
}

describe('a group that cannot be joined', () => {
  it('because the broker is getting ready is no news, but the reason why nothing comes', async () => {
    const { consumer, broker, triedAgain, said } = group('refused');
    const reading = consumer.read(['t']);
    await triedAgain();
    await triedAgain();
    expect(consumer.why).toMatch(/^the Kafka consumer group g gets no messages: the coordinator is loading/);
    broker.letsIn = true;
    await reading;
    expect([consumer.why, said(40), said(30)]).toEqual([undefined, [], []]);
    await consumer.stop();
  });

  it('is news when that lasts, and so is its end', async () => {
    const { consumer, broker, triedAgain, said } = group('refused');
    const reading = consumer.read(['t']);
    await triedAgain();
    now = 20_000;
    await triedAgain();
    await reading;
    expect(said(40)).toEqual([expect.stringContaining('the coordinator is loading')]);
    broker.letsIn = true;
    await vi.waitFor(() => expect(said(30)).toEqual(['the Kafka consumer group g works again']), { timeout: 10_000 });
    await consumer.stop();
  });

  it('is news at once when no broker answers', async () => {
    const { consumer, said } = group('unreachable');
    await consumer.read(['t']);
    expect(said(40)).toHaveLength(1);
    await consumer.stop();
  });
});
