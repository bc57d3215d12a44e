import { expect, it } from 'vitest';
import type { OutsideMessage } from '@refit/bus';
import { describeConsoleTools, describeKafka, describeKcat, freshPrefix } from '../support/kafka/describe-kafka.ts';
import { clients, eventually, keptLog, open, untilWell } from './kafka-clients.ts';
import { writeTo } from './outsider.ts';

const arrivals = 'refit.data-arrivals';
const decay = 'refit.decay-signals';
const bodyOf = ({ body }: OutsideMessage) => Buffer.from(body).toString();

for (const client of clients) {
  describeKafka(`the inbox on Kafka by ${client}`, ({ brokers }) => {
    it('begins with what was sent before anybody received, and gives it as it came', async ({ onTestFinished }) => {
      const kafka = await open(onTestFinished, { client });
      await untilWell(kafka);
      await writeTo(brokers, `${kafka.prefix}${arrivals}`, [{ key: 'flights', headers: { 'CE_Id': 'a', broken: Buffer.from([0xff]) }, value: Buffer.from([1, 2, 255]) }, { value: '' }]);
      const received: OutsideMessage[] = [];
      await kafka.inbox.receive([arrivals, decay], async (messages) => void received.push(...messages));
      await eventually(() => expect(received).toHaveLength(2));
      expect(received.find(({ key }) => key !== undefined)).toEqual({
        topic: arrivals, partition: expect.any(Number), offset: '0', key: Buffer.from('flights'), headers: { ce_id: 'a' }, body: Buffer.from([1, 2, 255]),
      });
      expect(received.find(({ key }) => key === undefined)).toMatchObject({ body: Buffer.alloc(0), headers: {} });
    });

    it('keeps the order of a key, and hands over what came together', async ({ onTestFinished }) => {
      const kafka = await open(onTestFinished, { client });
      await untilWell(kafka);
      const sent = Array.from({ length: 2_000 }, (_, i) => ({ key: `key ${i % 5}`, value: String(i) }));
      await writeTo(brokers, `${kafka.prefix}${arrivals}`, sent);
      const batches: (readonly OutsideMessage[])[] = [];
      await kafka.inbox.receive([arrivals], async (messages) => void batches.push(messages));
      await eventually(() => expect(batches.flat()).toHaveLength(sent.length));
      for (let key = 0; key < 5; key++) {
        const numbers = batches.flat().filter((message) => Buffer.from(message.key ?? []).toString() === `key ${key}`).map((message) => Number(bodyOf(message)));
        expect(numbers).toEqual(Array.from({ length: 400 }, (_, i) => 5 * i + key));
      }
      expect(batches.length).toBeLessThan(100);
      expect(Math.max(...batches.map((batch) => batch.length))).toBeLessThanOrEqual(500);
      expect(batches.every((batch) => new Set(batch.map(({ partition }) => partition)).size === 1)).toBe(true);
    });

    it('keeps a partition waiting while its handler fails, with the others going on, and goes on from the same message', async ({ onTestFinished }) => {
      const { logger, texts } = keptLog();
      const kafka = await open(onTestFinished, { client, logger, partitions: 2 });
      await untilWell(kafka);
      await writeTo(brokers, `${kafka.prefix}${arrivals}`, [0, 1].flatMap((partition) => Array.from({ length: 10 }, (_, i) => ({ partition, value: `${partition} ${i}` }))));
      let reachable = false;
      let refused = 0;
      const received: string[] = [];
      await kafka.inbox.receive([arrivals], async (messages) => {
        if (messages[0]!.partition === 0 && !reachable) {
          refused++;
          throw new Error('the store of this test is away');
        }
        received.push(...messages.map(bodyOf));
      });
      await eventually(() => expect(received.filter((text) => text.startsWith('1 '))).toHaveLength(10));
      await eventually(() => expect(refused).toBeGreaterThan(1));
      expect(received.some((text) => text.startsWith('0 '))).toBe(false);
      expect(texts('warn').join()).toContain(`messages of ${kafka.prefix}${arrivals}, partition 0, could not be taken in`);
      reachable = true;
      await eventually(() => expect(received.filter((text) => text.startsWith('0 '))).toEqual(Array.from({ length: 10 }, (_, i) => `0 ${i}`)));
    });

    it('acknowledges after the handler: what was refused goes to the next who receives, what was taken does not', async ({ onTestFinished }) => {
      const prefix = freshPrefix();
      const first = await open(onTestFinished, { client, partitions: 1, prefix });
      await untilWell(first);
      await writeTo(brokers, `${prefix}${arrivals}`, [{ value: 'taken' }]);
      const taken: string[] = [];
      await first.inbox.receive([arrivals], async (messages) => {
        if (messages.some((message) => bodyOf(message) === 'refused')) throw new Error('refused by this test');
        taken.push(...messages.map(bodyOf));
      });
      await eventually(() => expect(taken).toEqual(['taken']));
      await writeTo(brokers, `${prefix}${arrivals}`, [{ value: 'refused' }]);
      await first.close();
      const second = await open(onTestFinished, { client, partitions: 1, prefix });
      const received: string[] = [];
      await second.inbox.receive([arrivals], async (messages) => void received.push(...messages.map(bodyOf)));
      await eventually(() => expect(received).toEqual(['refused']));
    });

    it('gives all of a flood, in order, to a handler that was busy for long', async ({ onTestFinished }) => {
      const kafka = await open(onTestFinished, { client, partitions: 1 });
      await untilWell(kafka);
      const { promise: released, resolve: release } = Promise.withResolvers<void>();
      const received: number[] = [];
      await kafka.inbox.receive([arrivals], async (messages) => {
        await released;
        received.push(...messages.map((message) => Number(bodyOf(message).trim())));
      });
      for (let i = 0; i < 20; i++) await writeTo(brokers, `${kafka.prefix}${arrivals}`, Array.from({ length: 100 }, (_, j) => ({ value: String(100 * i + j).padEnd(10_000) })));
      await new Promise((resolve) => setTimeout(resolve, 1_500));
      release();
      await eventually(() => expect(received).toHaveLength(2_000));
      expect(received).toEqual(Array.from({ length: 2_000 }, (_, i) => i));
    });
  }, { concurrent: true });

  describeKcat(`the inbox on Kafka by ${client}, to kcat`, (_kafka, kcat) => {
    it.for(['none', 'gzip', 'snappy', 'lz4', 'zstd'])('takes what is compressed with %s', async (compression, { onTestFinished }) => {
      const kafka = await open(onTestFinished, { client, partitions: 1 });
      await untilWell(kafka);
      const received: string[] = [];
      await kafka.inbox.receive([decay], async (messages) => void received.push(...messages.map(bodyOf)));
      const lines = Array.from({ length: 200 }, (_, i) => `{"line":${i},"text":"the same again and again"}`);
      kcat(['-P', '-t', `${kafka.prefix}${decay}`, '-z', compression], lines.join('\n'));
      await eventually(() => expect(received).toEqual(lines));
    });
  }, { concurrent: true });

  describeConsoleTools(`the inbox on Kafka by ${client}, to Kafka's own tools`, (_kafka, run) => {
    it('takes what the console producer writes, compressed in the frames of snappy-java', async ({ onTestFinished }) => {
      const kafka = await open(onTestFinished, { client, partitions: 1 });
      await untilWell(kafka);
      const received: OutsideMessage[] = [];
      await kafka.inbox.receive([arrivals], async (messages) => void received.push(...messages));
      await run('kafka-console-producer', ['--topic', `${kafka.prefix}${arrivals}`, '--property', 'parse.key=true', '--property', 'parse.headers=true', '--compression-codec', 'snappy'], 'ce_id:1,ce_type:x\tflights\t{"a":1}\n');
      await eventually(() => expect(received).toHaveLength(1));
      expect(received[0]).toMatchObject({ headers: { ce_id: '1', ce_type: 'x' }, key: Buffer.from('flights'), body: Buffer.from('{"a":1}') });
    });
  }, { concurrent: true });
}
