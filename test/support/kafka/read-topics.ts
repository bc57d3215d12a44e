import kafkajs from 'kafkajs';
import { administer } from '../../kafka/outsider.ts';

export interface TopicMessage {
  readonly topic: string;
  readonly partition: number;
  readonly key: string;
  readonly headers: ReadonlyMap<string, string>;
  readonly value: Buffer;
}

/** Everything that lies in the topics now, each partition in its order. */
export async function readTopics(brokers: string, topics: readonly string[]): Promise<readonly TopicMessage[]> {
  const ahead = await messagesIn(brokers, topics);
  const messages: TopicMessage[] = [];
  if (ahead === 0) return messages;
  const kafka = new kafkajs.Kafka({ clientId: 'reader', brokers: brokers.split(','), logLevel: kafkajs.logLevel.NOTHING });
  const consumer = kafka.consumer({ groupId: `reader-${crypto.randomUUID()}` });
  await consumer.connect();
  try {
    await consumer.subscribe({ topics: [...topics], fromBeginning: true });
    await new Promise<void>((resolve, reject) => {
      const eachMessage: kafkajs.EachMessageHandler = async ({ topic, partition, message: { key, headers = {}, value } }) => {
        const texts = new Map(Object.entries(headers).map(([name, header]) => [name, String(header)]));
        messages.push({ topic, partition, key: String(key), headers: texts, value: value ?? Buffer.alloc(0) });
        if (messages.length >= ahead) resolve();
      };
      consumer.run({ eachMessage }).catch(reject);
    });
  } finally {
    await consumer.disconnect();
  }
  return messages;
}

const messagesIn = (brokers: string, topics: readonly string[]): Promise<number> =>
  administer(brokers, async (admin) => {
    const partitions = (await Promise.all(topics.map((topic) => admin.fetchTopicOffsets(topic)))).flat();
    return partitions.reduce((sum, { high, low }) => sum + Number(high) - Number(low), 0);
  });
