import { setTimeout as sleep } from 'node:timers/promises';
import type { KafkaClient } from '@refit/bus/kafka';
import { machineNow } from './marks.ts';

const partitions = 6;

/** What the client takes for one message by itself, produced and consumed in one process: in milliseconds. */
export interface BareClient {
  roundTrips(count: number): Promise<number[]>;
  stop(): Promise<void>;
}

/** A topic and a group of its own, with the same settings, acknowledgements and size of messages as Refit has. */
export async function bareClient(client: KafkaClient, topic: string, messageBytes: number): Promise<BareClient> {
  await client.createTopics([{ name: topic, partitions, replicationFactor: 1 }]);
  let arrived = (_number: string) => {};
  const consumer = await client.consume({
    group: `${topic}.group`, topics: [topic], begin: 'end',
    assigned() {},
    rebalancing() {},
    async deliver(_partition, records) {
      for (const { key } of records) arrived(String(key));
    },
  });
  const value = Buffer.alloc(messageBytes, 'x');
  let number = 0;
  const roundTrip = async () => {
    const key = String(number++);
    const arrival = new Promise<void>((resolve) => (arrived = (heard) => heard === key && resolve()));
    const began = machineNow();
    await Promise.all([client.produce([{ topic, key, headers: {}, value }]), arrival.then(() => (ended = machineNow()))]);
    return ended - began;
  };
  let ended = 0;
  return {
    async roundTrips(count) {
      const took: number[] = [];
      for (let i = 0; i < count; i++) {
        took.push(await roundTrip());
        await sleep(2); // the answer to the fetch and the next fetch are behind us, as when a message comes now and then
      }
      return took;
    },
    stop: () => consumer.close(),
  };
}
