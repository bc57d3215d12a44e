import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { create, toBinary } from '@bufbuild/protobuf';
import { anyPack } from '@bufbuild/protobuf/wkt';
import { Kafka, logLevel, type Message } from 'kafkajs';
import { pino } from 'pino';
import { openKafka, type OpenKafka } from '@refit/bus/kafka';
import { BatchSchema, CloudEventSchema, DecayDetectedSchema, DecaySeverity, RefitError, triggerStream, type DomainEvent, type ReasonJudged } from '@refit/contracts';
import type { EventStore } from '@refit/event-store';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { pipelineFile, TriggerService } from '../../apps/trigger/src/testing/trigger-service.ts';
import { describeConsoleTools, describeKafka, describeKcat, freshPrefix } from '../support/kafka/describe-kafka.ts';

const arrivals = 'refit.data-arrivals';
const signals = 'refit.decay-signals';
const types = { [arrivals]: 'refit.data.arrived.v1', [signals]: 'refit.decay.detected.v1' } as const;
type Topic = keyof typeof types;

/** A trigger service whose inbox is on a broker. */
class OnKafka {
  private constructor(
    readonly service: TriggerService,
    readonly prefix: string,
    private readonly kafka: OpenKafka,
    private readonly switches: { storeIsGone: boolean },
  ) {}

  static async start(brokers: string, { prefix = freshPrefix(), directory }: { prefix?: string; directory?: string } = {}): Promise<OnKafka> {
    const config = { brokers: [brokers], client: 'kafkajs', partitions: 3, replicationFactor: 1, prefix } as const;
    const kafka = await openKafka({ config, clientId: 'spec', logger: pino({ level: 'silent' }) });
    const switches = { storeIsGone: false };
    const service = await TriggerService.start(directory, {}, (runtime) => ({ ...runtime, inbox: kafka.inbox, store: withSwitch(runtime.store, switches) }));
    const on = new OnKafka(service, prefix, kafka, switches);
    if (directory === undefined) await service.call('applyPipeline', { fileName: 'f.yaml', text: pipelineFile('flights-delay', ['triggers: {onData: {debounce: 1h}, onDecay: {minimumSeverity: low}}']), baseDirectory: service.directory, actor: 'ada' });
    return on;
  }

  topic(topic: Topic): string {
    return this.prefix + topic;
  }

  set storeIsGone(gone: boolean) {
    this.switches.storeIsGone = gone;
  }

  async reasons(): Promise<readonly ReasonJudged[]> {
    return (await this.service.events(triggerStream('flights-delay'))).filter((e: DomainEvent): e is ReasonJudged => e.$typeName === 'refit.trigger.v1.ReasonJudged');
  }

  async letters() {
    return (await this.service.call('listDeadLetters', { pageSize: 50 })).letters.map(({ parked }) => parked!);
  }

  /** Its folder stays. */
  async stop(): Promise<void> {
    await this.service.stop();
    await this.kafka.close();
  }

  async remove(): Promise<void> {
    await this.service.remove();
    await this.kafka.close();
  }
}

function withSwitch(store: EventStore, switches: { readonly storeIsGone: boolean }): EventStore {
  return new Proxy(store, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name, target);
      if (typeof value !== 'function') return value;
      if (name !== 'append') return value.bind(target);
      return (...args: unknown[]) => (switches.storeIsGone ? Promise.reject(new RefitError('STORE_UNAVAILABLE', 'the store is not there')) : value.apply(target, args));
    },
  });
}

const eventually = <T>(check: () => Promise<T>) => vi.waitFor(check, { timeout: 30_000, interval: 100 });

/** What an event of a topic carries. */
const payload = (topic: Topic, id: string, uri: string) =>
  topic === arrivals
    ? { json: { dataset: 'flights', name: id, uri }, protobuf: toBinary(BatchSchema, create(BatchSchema, { dataset: 'flights', name: id, uri })), any: anyPack(BatchSchema, create(BatchSchema, { dataset: 'flights', name: id, uri })) }
    : {
        json: { pipeline: 'flights-delay', severity: 'low', summary: `decay ${id}` },
        protobuf: toBinary(DecayDetectedSchema, create(DecayDetectedSchema, { pipeline: 'flights-delay', severity: DecaySeverity.LOW, summary: `decay ${id}` })),
        any: anyPack(DecayDetectedSchema, create(DecayDetectedSchema, { pipeline: 'flights-delay', severity: DecaySeverity.LOW, summary: `decay ${id}` })),
      };
const attributes = (topic: Topic, id: string) => ({ specversion: '1.0', id, source: '/exports', type: types[topic] });
const structuredJson = (topic: Topic, id: string, uri: string) => JSON.stringify({ ...attributes(topic, id), data: payload(topic, id, uri).json });
const structuredProtobuf = (topic: Topic, id: string, uri: string) =>
  toBinary(CloudEventSchema, create(CloudEventSchema, { id, source: '/exports', type: types[topic], specVersion: '1.0', data: { case: 'protoData', value: payload(topic, id, uri).any } }));
const binaryHeaders = (topic: Topic, id: string, contentType: string) => ({ ...Object.fromEntries(Object.entries(attributes(topic, id)).map(([name, value]) => [`ce_${name}`, value])), 'content-type': contentType });

describeKafka('events from outside, by kafkajs', ({ brokers }) => {
  const producer = new Kafka({ brokers: [brokers], logLevel: logLevel.NOTHING }).producer();
  let on: OnKafka;
  beforeEach(async () => {
    on = await OnKafka.start(brokers);
    await producer.connect();
  });
  afterEach(async () => {
    await producer.disconnect();
    await on.remove();
  });
  const send = (topic: Topic, messages: Message[]) => eventually(() => producer.send({ topic: on.topic(topic), messages }));

  it.each([arrivals, signals] as const)('are taken from %s in both modes and both formats', async (topic) => {
    const uri = await on.service.dataFile('w.csv', 7);
    const bytes = (value: Uint8Array) => Buffer.from(value);
    await send(topic, [
      { key: 'a', headers: binaryHeaders(topic, 'binary-json', 'application/json'), value: JSON.stringify(payload(topic, 'binary-json', uri).json) },
      { key: 'a', headers: binaryHeaders(topic, 'binary-protobuf', 'application/protobuf'), value: bytes(payload(topic, 'binary-protobuf', uri).protobuf) },
      { key: 'a', headers: { 'content-type': 'application/cloudevents+json' }, value: structuredJson(topic, 'structured-json', uri) },
      { key: 'a', headers: { 'content-type': 'application/cloudevents+protobuf' }, value: bytes(structuredProtobuf(topic, 'structured-protobuf', uri)) },
    ]);
    await eventually(async () => expect((await on.reasons()).map(({ reason }) => reason?.id)).toEqual(['binary-json', 'binary-protobuf', 'structured-json', 'structured-protobuf']));
    expect(await on.letters()).toEqual([]);
  });

  it('that are garbage of twenty kinds are kept with their bytes and places, and hold up nothing', async () => {
    const headers = { 'content-type': 'application/cloudevents+json' };
    const garbage: Message[] = [
      { value: null }, { value: '' }, { value: null, headers }, { value: ' ' }, { value: randomBytes(300) }, { value: Buffer.alloc(64) }, { value: 'text' }, { value: '42' }, { value: 'null' }, { value: '[]', headers },
      { value: '{}' }, { value: '{"specversion": "1.0"' }, { value: Buffer.from([0x7b, 0xff, 0xfe, 0x7d]) }, { value: '{"specversion": "2.0"}' }, { value: randomBytes(40), headers: { 'content-type': 'application/cloudevents+protobuf' } },
      { value: '{}', headers: { ce_id: '1' } }, { value: '{}', headers: { 'content-type': Buffer.from([0xff, 0xfe]) } }, { value: '{}', headers: { ce_id: 'x'.repeat(50_000), ce_type: 'y', ce_source: 'z', ce_specversion: '1.0' } },
      { value: '[]', headers: { 'content-type': 'application/cloudevents-batch+json' } }, { value: randomBytes(300 * 1024) }, { value: Buffer.from(structuredJson(arrivals, 'x', '/x'), 'utf16le') },
    ];
    const uri = await on.service.dataFile('w.csv', 7);
    for (const topic of [arrivals, signals] as const) await send(topic, [...garbage.map((message) => ({ key: 'k', ...message })), { key: 'k', value: structuredJson(topic, `after ${topic}`, uri) }]);
    await eventually(async () => expect(new Set((await on.reasons()).map(({ reason }) => reason?.id))).toEqual(new Set([`after ${arrivals}`, `after ${signals}`])));
    const letters = await on.letters();
    expect(letters).toHaveLength(2 * garbage.length);
    for (const { origin, letterId, key } of letters) {
      const [, topic, offset] = /^kafka (refit\.[a-z-]+)\/\d@(\d+)$/.exec(origin) ?? [];
      expect([arrivals, signals]).toContain(topic);
      const sent = garbage[Number(offset)]?.value ?? '';
      const { letter } = await on.service.call('getDeadLetter', { letterId });
      expect([offset, Buffer.from(letter!.parked!.body).equals(Buffer.from(sent)), Buffer.from(key).toString()]).toEqual([offset, true, 'k']);
    }
  });

  it('are judged in the order of their key, each once, though the store is gone for a while and the service starts again', async () => {
    const uri = await on.service.dataFile('w.csv', 7);
    const keys = ['a', 'b', 'c', 'd', 'e'];
    const some = (from: number) => Array.from({ length: 200 }, (_, i) => ({ key: keys[i % 5]!, value: structuredJson(arrivals, `${keys[i % 5]}-${from + i}`, uri) }));
    await send(arrivals, some(0));
    await eventually(async () => expect((await on.reasons()).length).toBeGreaterThan(0));
    on.storeIsGone = true;
    await send(arrivals, some(200));
    await new Promise((resolve) => setTimeout(resolve, 1000));
    on.storeIsGone = false;
    await send(arrivals, some(400));
    await on.stop();
    on = await OnKafka.start(brokers, { prefix: on.prefix, directory: on.service.directory });
    await eventually(async () => expect(await on.reasons()).toHaveLength(600));
    const ids = (await on.reasons()).map(({ reason }) => reason!.id);
    for (const key of keys) {
      const numbers = ids.filter((id) => id.startsWith(`${key}-`)).map((id) => Number(id.slice(2)));
      expect(numbers).toEqual(numbers.toSorted((x, y) => x - y));
    }
    expect(await on.letters()).toEqual([]);
  });
});

describeKcat('events from outside, by kcat', ({ brokers }, kcat) => {
  let on: OnKafka;
  beforeEach(async () => {
    on = await OnKafka.start(brokers);
  });
  afterEach(() => on.remove());

  it.each([arrivals, signals] as const)('are taken from %s in both modes and both formats, and without headers', async (topic) => {
    const uri = await on.service.dataFile('w.csv', 7);
    const produce = async (id: string, headers: Record<string, string>, body: string | Uint8Array) => {
      const file = join(on.service.directory, id);
      writeFileSync(file, body);
      const flags = Object.entries(headers).flatMap(([name, value]) => ['-H', `${name}=${value}`]);
      await eventually(async () => kcat(['-P', '-t', on.topic(topic), '-k', 'a', ...flags, file]));
    };
    await produce('binary-json', binaryHeaders(topic, 'binary-json', 'application/json'), JSON.stringify(payload(topic, 'binary-json', uri).json));
    await produce('binary-protobuf', binaryHeaders(topic, 'binary-protobuf', 'application/protobuf'), payload(topic, 'binary-protobuf', uri).protobuf);
    await produce('structured-json', { 'content-type': 'application/cloudevents+json' }, structuredJson(topic, 'structured-json', uri));
    await produce('structured-protobuf', { 'content-type': 'application/cloudevents+protobuf' }, structuredProtobuf(topic, 'structured-protobuf', uri));
    await produce('bare', {}, structuredJson(topic, 'bare', uri));
    await eventually(async () => expect((await on.reasons()).map(({ reason }) => reason?.id)).toEqual(['binary-json', 'binary-protobuf', 'structured-json', 'structured-protobuf', 'bare']));
    expect(await on.letters()).toEqual([]);
  });
});

describeConsoleTools('events from outside, by Kafka’s console producer', ({ brokers }, run) => {
  let on: OnKafka;
  beforeEach(async () => {
    on = await OnKafka.start(brokers);
  });
  afterEach(() => on.remove());

  it.each([arrivals, signals] as const)('are taken from %s with and without headers; what is none is kept', async (topic) => {
    const uri = await on.service.dataFile('w.csv', 7);
    const headers = (given: Record<string, string>) => Object.entries(given).map(([name, value]) => `${name}:${value}`).join(',');
    const produce = (lines: readonly string[], ...properties: string[]) =>
      run('kafka-console-producer', ['--topic', on.topic(topic), ...properties.flatMap((property) => ['--property', property])], `${lines.join('\n')}\n`);
    await eventually(async () => run('kafka-topics', ['--describe', '--topic', on.topic(topic)]));
    await produce([structuredJson(topic, 'bare', uri), 'hello'], 'parse.key=false');
    await produce([
      `${headers(binaryHeaders(topic, 'binary-json', 'application/json'))}\tk\t${JSON.stringify(payload(topic, 'binary-json', uri).json)}`,
      `${headers({ 'content-type': 'application/cloudevents+json' })}\tk\t${structuredJson(topic, 'structured-json', uri)}`,
    ], 'parse.headers=true', 'parse.key=true');
    await eventually(async () => expect(new Set((await on.reasons()).map(({ reason }) => reason?.id))).toEqual(new Set(['bare', 'binary-json', 'structured-json'])));
    expect((await on.letters()).map(({ body }) => Buffer.from(body).toString())).toEqual(['hello']);
  });
});
