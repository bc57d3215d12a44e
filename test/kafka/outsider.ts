import kafkajs, { type Admin, type Message } from 'kafkajs';
import { calmRequestQueue } from '../../libs/bus/src/kafka/kafkajs/calm-request-queue.ts';

calmRequestQueue();

/** Somebody who has nothing of Refit but Kafka's address. */
const outsider = (brokers: string) => new kafkajs.Kafka({ clientId: 'outsider', brokers: brokers.split(','), logLevel: kafkajs.logLevel.NOTHING });

export async function writeTo(brokers: string, topic: string, messages: Message[]): Promise<void> {
  const producer = outsider(brokers).producer({ createPartitioner: kafkajs.Partitioners.DefaultPartitioner, allowAutoTopicCreation: false });
  await producer.connect();
  try {
    await producer.send({ topic, messages });
  } finally {
    await producer.disconnect();
  }
}

/** What an operator does. */
export async function administer<T>(brokers: string, work: (admin: Admin) => Promise<T>): Promise<T> {
  const admin = outsider(brokers).admin();
  await admin.connect();
  try {
    return await work(admin);
  } finally {
    await admin.disconnect();
  }
}
