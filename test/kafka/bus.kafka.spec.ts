import { expect, it } from 'vitest';
import { eventTypes } from '@refit/contracts';
import { decodeMessage, eventTopics, outsideTopics } from '@refit/bus/kafka';
import { sampleMessage } from '@refit/bus/testing';
import { describeConsoleTools, describeKafka, describeKcat, freshPrefix } from '../support/kafka/describe-kafka.ts';
import { garbage } from './garbage.ts';
import { clients, eventually, keptLog, makeTopic, open, untilWell } from './kafka-clients.ts';
import { administer, writeTo } from './outsider.ts';

const type = sampleMessage().type;
const messages = (from: number, to: number, stream = 'run-1') => Array.from({ length: to - from }, (_, i) => sampleMessage({ stream, revision: from + i, position: String(from + i) }));

for (const client of clients) {
  describeKafka(`the bus on Kafka by ${client}`, ({ brokers }) => {
    const partitionsOf = (topic: string) => administer(brokers, async (admin) => (await admin.fetchTopicMetadata({ topics: [topic] })).topics[0]!.partitions.length);

    it('makes its topics and those of outsiders, with as many partitions as configured', async ({ onTestFinished }) => {
      const kafka = await open(onTestFinished, { client, partitions: 4 });
      await untilWell(kafka);
      for (const topic of [...eventTopics, ...outsideTopics]) expect(await partitionsOf(kafka.prefix + topic)).toBe(4);
      expect(eventTopics).toContain('refit.run');
      expect(eventTypes.every((name) => eventTopics.some((topic) => name.startsWith(`${topic}.v`)))).toBe(true);
    });

    it('works on with a topic of fewer partitions, and says so', async ({ onTestFinished }) => {
      const prefix = freshPrefix();
      await makeTopic(brokers, { topic: `${prefix}refit.run`, numPartitions: 1 });
      const { logger, texts } = keptLog();
      const kafka = await open(onTestFinished, { client, logger, prefix, partitions: 3 });
      const received: number[] = [];
      await kafka.bus.subscribe('group', [type], async ({ revision }) => void received.push(revision));
      await untilWell(kafka);
      expect(texts('warn').join()).toContain(`the Kafka topic ${prefix}refit.run has 1 partitions, not the 3 configured`);
      await kafka.bus.publish(messages(0, 10));
      await eventually(() => expect(received).toEqual(messages(0, 10).map(({ revision }) => revision)));
    });

    it('makes a topic again that was deleted, for who publishes and for who listens', async ({ onTestFinished }) => {
      const kafka = await open(onTestFinished, { client, partitions: 2 });
      const received: number[] = [];
      await kafka.bus.subscribe('group', [type], async ({ revision }) => void received.push(revision));
      await kafka.bus.publish(messages(0, 5));
      await eventually(() => expect(received).toHaveLength(5));
      await administer(brokers, (admin) => admin.deleteTopics({ topics: [`${kafka.prefix}refit.run`] }));
      let revision = 5;
      await eventually(async () => {
        await kafka.bus.publish(messages(revision, ++revision)).catch(() => undefined);
        expect(received.some((one) => one >= 5)).toBe(true);
      });
      expect(await partitionsOf(`${kafka.prefix}refit.run`)).toBe(2);
      await untilWell(kafka);
    });

    it('keeps the order of a stream', async ({ onTestFinished }) => {
      const kafka = await open(onTestFinished, { client });
      const received: string[] = [];
      await kafka.bus.subscribe('group', [type], async ({ stream, revision }) => {
        await new Promise((resolve) => setTimeout(resolve, revision % 3));
        received.push(`${stream} ${revision}`);
      });
      const streams = ['run-a', 'run-b', 'run-c', 'run-d'];
      await kafka.bus.publish(Array.from({ length: 50 }, (_, i) => streams.flatMap((stream) => messages(i, i + 1, stream))).flat());
      await eventually(() => expect(received).toHaveLength(200));
      for (const stream of streams) expect(received.filter((one) => one.startsWith(stream))).toEqual(messages(0, 50, stream).map(({ revision }) => `${stream} ${revision}`));
    });

    it('begins a new group at the present end, and goes on from where the group was', async ({ onTestFinished }) => {
      const prefix = freshPrefix();
      const kafka = await open(onTestFinished, { client, prefix });
      await kafka.bus.publish(messages(0, 5));
      const received: number[] = [];
      const note = async ({ revision }: { readonly revision: number }) => void received.push(revision);
      const leave = await kafka.bus.subscribe('group', [type], note);
      await kafka.bus.publish(messages(5, 7));
      await eventually(() => expect(received).toEqual([5, 6]));
      await leave();
      await kafka.bus.publish(messages(7, 9));
      const other = await open(onTestFinished, { client, prefix });
      await other.bus.subscribe('group', [type], note);
      await eventually(() => expect(received).toEqual([5, 6, 7, 8]));
    });

    it('takes up types of another topic while it runs', async ({ onTestFinished }) => {
      const kafka = await open(onTestFinished, { client });
      const received: string[] = [];
      const note = async (message: { readonly type: string }) => void received.push(message.type);
      const other = 'refit.model.v1.VersionRegistered';
      await kafka.bus.subscribe('group', [type], note);
      await kafka.bus.subscribe('group', [other], note);
      await kafka.bus.publish([sampleMessage({ type: other, stream: 'model-m' }), sampleMessage()]);
      await eventually(() => expect(received.sort()).toEqual([other, type]));
    });

    it('passes over garbage of twenty kinds on every topic, says so now and then, and goes on', async ({ onTestFinished }) => {
      const { logger, texts } = keptLog();
      const kafka = await open(onTestFinished, { client, logger, partitions: 1 });
      await untilWell(kafka);
      const received: number[] = [];
      const types = eventTopics.map((topic) => eventTypes.find((name) => name.startsWith(`${topic}.v`))!);
      await kafka.bus.subscribe('group', types, async ({ revision }) => void received.push(revision));
      for (const topic of eventTopics) await writeTo(brokers, kafka.prefix + topic, garbage.map(([, message]) => message));
      await kafka.bus.publish(types.map((one, revision) => sampleMessage({ type: one, revision })));
      await eventually(() => expect(received.sort((a, b) => a - b)).toEqual(types.map((_, i) => i)));
      expect(kafka.bus.stats()).toMatchObject({ unreadable: garbage.length * eventTopics.length, handled: types.length, failed: 0 });
      const warnings = texts('warn').filter((text) => text.includes('is none that Refit can read'));
      expect(warnings.length).toBeGreaterThan(0);
      expect(warnings.length).toBeLessThan(10);
      expect(kafka.bus.health()).toEqual({ ok: true });
    });

    it('publishes the largest events that the log takes, many at once', async ({ onTestFinished }) => {
      const kafka = await open(onTestFinished, { client });
      const received: number[] = [];
      await kafka.bus.subscribe('group', [type], async ({ revision, data }) => void (JSON.stringify(data).length > 60_000 && received.push(revision)));
      await kafka.bus.publish(messages(0, 50).map((message) => ({ ...message, data: { text: 'x'.repeat(60_000) } })));
      await eventually(() => expect(received).toHaveLength(50));
      expect(kafka.bus.stats()).toMatchObject({ published: 50, tooLarge: 0 });
    });

    it('passes over a message that the broker finds too large, by name, and publishes those beside it', async ({ onTestFinished }) => {
      const prefix = freshPrefix();
      await makeTopic(brokers, { topic: `${prefix}refit.run`, numPartitions: 3, configEntries: [{ name: 'max.message.bytes', value: '20000' }] });
      const { logger, texts } = keptLog();
      const kafka = await open(onTestFinished, { client, logger, prefix });
      const received: number[] = [];
      await kafka.bus.subscribe('group', [type], async ({ revision }) => void received.push(revision));
      await kafka.bus.publish(messages(0, 40).map((message) => ({ ...message, data: { text: 'x'.repeat(message.revision === 7 ? 30_000 : 1_000) } })));
      await eventually(() => expect(new Set(received).size).toBe(39));
      expect(received).not.toContain(7);
      expect(kafka.bus.stats().tooLarge).toBe(1);
      expect(texts('error').join()).toContain(`takes no message as large as ${type} of run-1 at revision 7`);
      await kafka.bus.publish(messages(40, 41));
      await eventually(() => expect(received).toContain(40));
    });
  }, { concurrent: true });

  describeKcat(`the bus on Kafka by ${client}, to kcat`, (_kafka, kcat) => {
    it('is CloudEvents in binary mode, with JSON for a value, under the key of its stream', async ({ onTestFinished }) => {
      const kafka = await open(onTestFinished, { client, partitions: 1 });
      const message = sampleMessage({ data: { rows: 3, text: 'München' }, metadata: { $correlationId: 'run-7', actor: 'Änne' }, stream: 'run-7', revision: 4, position: '77', recordedAt: 1_790_000_000_000 });
      await kafka.bus.publish([message]);
      const [line = ''] = kcat(['-C', '-t', `${kafka.prefix}refit.run`, '-o', 'beginning', '-e', '-q', '-J']).split('\n');
      const seen = JSON.parse(line) as { key: string; payload: string; headers: string[] };
      const headers = Object.fromEntries(seen.headers.flatMap((name, i) => (i % 2 === 0 ? [[name, seen.headers[i + 1]]] : [])));
      expect(seen.key).toBe('run-7');
      expect(JSON.parse(seen.payload)).toEqual(message.data);
      expect(headers).toEqual({
        ce_specversion: '1.0', ce_id: message.id, ce_source: 'refit', ce_type: type, ce_subject: 'run-7', ce_time: '2026-09-21T14:13:20.000Z',
        'content-type': 'application/json', ce_revision: '4', ce_position: '77', ce_correlationid: 'run-7', ce_actor: 'Änne',
      });
      const asRead = { headers: Object.entries(headers).map(([name, value]) => [name, Buffer.from(String(value))] as const), value: Buffer.from(seen.payload) };
      expect(decodeMessage(asRead)).toEqual(message);
    });

    it('chooses the partition that other clients choose for the key', async ({ onTestFinished }) => {
      const kafka = await open(onTestFinished, { client, partitions: 6 });
      const streams = Array.from({ length: 40 }, (_, i) => `run-${i}`);
      await kafka.bus.publish(streams.map((stream) => sampleMessage({ stream })));
      const other = `${kafka.prefix}refit.data-arrivals`;
      kcat(['-P', '-t', other, '-K', ':', '-X', 'partitioner=murmur2'], streams.map((stream) => `${stream}:x`).join('\n'));
      const places = (topic: string) => kcat(['-C', '-t', topic, '-o', 'beginning', '-e', '-q', '-f', '%k %p\n']).trim().split('\n').sort();
      expect(places(`${kafka.prefix}refit.run`)).toEqual(places(other));
    });
  }, { concurrent: true });

  describeConsoleTools(`the bus on Kafka by ${client}, to Kafka's own tools`, (_kafka, run) => {
    it('can be read by the console consumer', async ({ onTestFinished }) => {
      const kafka = await open(onTestFinished, { client, partitions: 1 });
      const message = sampleMessage({ data: { rows: 3 } });
      await kafka.bus.publish([message]);
      const printed = await run('kafka-console-consumer', ['--topic', `${kafka.prefix}refit.run`, '--from-beginning', '--max-messages', '1', '--timeout-ms', '20000', '--property', 'print.key=true', '--property', 'print.headers=true']);
      expect(printed).toContain(`ce_id:${message.id}`);
      expect(printed.trim().split('\t').slice(1)).toEqual(['run-1', '{"rows":3}']);
    });
  }, { concurrent: true });
}
