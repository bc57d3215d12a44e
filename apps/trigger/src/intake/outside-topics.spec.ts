import { randomBytes } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { create, toBinary, type DescMessage } from '@bufbuild/protobuf';
import { anyPack } from '@bufbuild/protobuf/wkt';
import {
  BatchSchema, CloudEventSchema, deadLetterStream, DecayDetectedSchema, DecaySeverity, RefitError, SkipCause, triggerStream, Verdict, type Batch, type DecayDetected, type DomainEvent, type ReasonJudged,
} from '@refit/contracts';
import type { EventStore } from '@refit/event-store';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { FakeInbox } from '../testing/fake-inbox.js';
import { pipelineFile, TriggerService } from '../testing/trigger-service.js';

let inbox: FakeInbox;
let service: TriggerService;
/** What the store says to appends at the moment. */
let trouble: (stream: string) => Error | undefined;

const start = (directory?: string) =>
  TriggerService.start(directory, {}, (runtime) => ({ ...runtime, inbox, store: withTrouble(runtime.store) }));

function withTrouble(store: EventStore): EventStore {
  return new Proxy(store, {
    get(target, name) {
      if (name === 'append') return (stream: string, ...rest: [never, never]) => {
        const error = trouble(stream);
        return error ? Promise.reject(error) : target.append(stream, ...rest);
      };
      const value: unknown = Reflect.get(target, name, target);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
}

beforeEach(async () => {
  trouble = () => undefined;
  inbox = new FakeInbox();
  service = await start();
  await service.call('applyPipeline', { fileName: 'f.yaml', text: pipelineFile('flights-delay', ['triggers: {onData: {debounce: 1h}}']), baseDirectory: service.directory, actor: 'ada' });
});
afterEach(() => service.remove());

const arrivals = 'refit.data-arrivals';
const signals = 'refit.decay-signals';
const dataArrived = 'refit.data.arrived.v1';
const decayDetected = 'refit.decay.detected.v1';

const arrival = (id: string, uri: string) => JSON.stringify({ specversion: '1.0', type: dataArrived, source: '/exports', id, data: { dataset: 'flights', name: id, uri } });
const isJudged = (e: DomainEvent): e is ReasonJudged => e.$typeName === 'refit.trigger.v1.ReasonJudged';
const judged = async () => (await service.events(triggerStream('flights-delay'))).filter(isJudged);
const letters = async () => (await service.call('listDeadLetters', {})).letters.map(({ parked }) => parked!).reverse();

describe('the topics that others write to', () => {
  const headers = (type: string, contentType: string) => ({ ce_specversion: '1.0', ce_id: 'w05', ce_source: '/exports', ce_type: type, 'content-type': contentType });
  const decay = { pipeline: 'flights-delay', severity: DecaySeverity.HIGH, summary: 'ROC AUC fell to 0.61' };
  const decayJson = { ...decay, severity: 'high' };
  const batch = (uri: string) => create(BatchSchema, { dataset: 'flights', name: 'w05', uri });
  const structured = (type: string, value: Batch | DecayDetected, schema: typeof BatchSchema | typeof DecayDetectedSchema) =>
    toBinary(CloudEventSchema, create(CloudEventSchema, { id: 'w05', source: '/exports', type, specVersion: '1.0', data: { case: 'protoData', value: anyPack(schema as DescMessage, value) } }));

  it.each([
    ['an arrival in binary mode, JSON', arrivals, (uri: string) => ({ headers: headers(dataArrived, 'application/json'), body: JSON.stringify({ dataset: 'flights', name: 'w05', uri }) })],
    ['an arrival in binary mode, protobuf', arrivals, (uri: string) => ({ headers: headers(dataArrived, 'application/protobuf'), body: toBinary(BatchSchema, batch(uri)) })],
    ['an arrival in structured mode, JSON', arrivals, (uri: string) => ({ headers: { 'content-type': 'application/cloudevents+json; charset=utf-8' }, body: arrival('w05', uri) })],
    ['an arrival in structured mode, protobuf', arrivals, (uri: string) => ({ headers: { 'content-type': 'application/cloudevents+protobuf' }, body: structured(dataArrived, batch(uri), BatchSchema) })],
    ['an arrival without headers', arrivals, (uri: string) => ({ body: arrival('w05', uri) })],
    ['a decay in binary mode, JSON', signals, () => ({ headers: headers(decayDetected, 'application/json'), body: JSON.stringify(decayJson) })],
    ['a decay in binary mode, protobuf', signals, () => ({ headers: headers(decayDetected, 'application/protobuf'), body: toBinary(DecayDetectedSchema, create(DecayDetectedSchema, decay)) })],
    ['a decay in structured mode, JSON', signals, () => ({ headers: { 'content-type': 'application/cloudevents+json' }, body: JSON.stringify({ specversion: '1.0', type: decayDetected, source: '/exports', id: 'w05', data: decayJson }) })],
    ['a decay in structured mode, protobuf', signals, () => ({ headers: { 'content-type': 'application/cloudevents+protobuf' }, body: structured(decayDetected, create(DecayDetectedSchema, decay), DecayDetectedSchema) })],
  ])('take %s', async (_name, topic, message) => {
    expect(inbox.topics).toEqual([arrivals, signals]);
    await inbox.send({ topic, partition: 3, ...message(await service.dataFile('w05.csv', 7)) });
    expect(await letters()).toEqual([]);
    expect(await judged()).toMatchObject([{ reason: { source: '/exports', id: 'w05', origin: `kafka ${topic}/3@0`, ...(topic === arrivals ? { batch: { name: 'w05', rows: 7 } } : { summary: decay.summary }) } }]);
  });

  it('give verdicts in the order of a partition, and an append for many', async () => {
    const uri = await service.dataFile('w.csv', 3);
    const ids = Array.from({ length: 300 }, (_, i) => `a${i}`);
    const append = vi.spyOn(service.store, 'append');
    await inbox.send(...ids.map((id) => ({ body: arrival(id, uri) })));
    expect((await judged()).map(({ reason }) => reason?.id)).toEqual(ids);
    expect(append.mock.calls.filter(([stream]) => stream === triggerStream('flights-delay')).length).toBeLessThan(5);
  });

  it('give a message that comes again the verdict it had, and one that was sent again the cause duplicate', async () => {
    const uri = await service.dataFile('w.csv', 3);
    const message = inbox.write({ body: arrival('a', uri) });
    await inbox.deliver(message);
    await inbox.deliver(message);
    service = await service.restart((directory) => start(directory));
    await inbox.deliver(message);
    expect(await judged()).toHaveLength(1);
    await inbox.send({ body: arrival('a', uri) });
    expect(await judged()).toMatchObject([{ verdict: Verdict.QUEUED }, { skipCause: SkipCause.DUPLICATE }]);
  });
});

describe('a message that cannot be taken', () => {
  const utf8 = (text: string) => Buffer.from(text);
  const structured = { 'content-type': 'application/cloudevents+json' };
  const garbage: readonly (readonly [string, Uint8Array, Record<string, string>?])[] = [
    ['empty, as a tombstone is', utf8('')],
    ['empty, though it says it is an event', utf8(''), structured],
    ['white space', utf8(' \n ')],
    ['random bytes', randomBytes(500)],
    ['compressed', gzipSync(arrival('x', '/x'))],
    ['of zeros', new Uint8Array(1000)],
    ['no UTF-8', Uint8Array.of(0x7b, 0x22, 0xff, 0xfe, 0x22, 0x7d)],
    ['UTF-16', Buffer.from(arrival('x', '/x'), 'utf16le')],
    ['cut off', utf8(arrival('x', '/x').slice(0, -5))],
    ['text', utf8('hello, world')],
    ['a number', utf8('42')],
    ['null', utf8('null')],
    ['a list', utf8('[]'), structured],
    ['some other JSON', utf8('{"dataset": "flights"}')],
    ['deeply nested', utf8('['.repeat(100_000))],
    ['of another version', utf8('{"specversion": "0.3"}')],
    ['of an unknown type', utf8(JSON.stringify({ specversion: '1.0', type: 'x', source: '/x', id: '1', data: {} }))],
    ['no protobuf, though it says so', randomBytes(50), { 'content-type': 'application/cloudevents+protobuf' }],
    ['binary mode with half of the headers', utf8('{}'), { ce_id: '1' }],
    ['with a huge header', utf8('{}'), { ce_specversion: '1.0', ce_id: 'x'.repeat(100_000), ce_source: '/x', ce_type: dataArrived }],
    ['far too large', randomBytes(400 * 1024)],
    ['of prototypes', utf8('{"specversion": "1.0", "__proto__": {"id": "1"}, "constructor": 7}')],
  ];

  it.each([arrivals, signals])('is kept with its bytes, its place and the reason (%s)', async (topic) => {
    await inbox.send(...garbage.map(([, body, headers = {}]) => ({ topic, headers, body, key: 'plant-7' })));
    const kept = await letters();
    expect(kept.map(({ origin }) => origin)).toEqual(garbage.map((_, i) => `kafka ${topic}/0@${i}`));
    for (const [i, letter] of kept.entries()) {
      expect(letter).toMatchObject({ code: 'CLOUD_EVENT_INVALID', reason: expect.stringMatching(/.{10}/), truncated: false, key: expect.toSatisfy((key: Uint8Array) => Buffer.from(key).toString() === 'plant-7') });
      const whole = (await service.call('getDeadLetter', { letterId: letter.letterId })).letter!.parked!;
      expect([garbage[i]![0], Buffer.from(whole.body).equals(garbage[i]![1])]).toEqual([garbage[i]![0], true]);
    }
    expect(await judged()).toEqual([]);
  });

  it('is kept once, however often it comes; in a topic that was made anew it is another', async () => {
    const message = inbox.write({ body: 'garbage' });
    await inbox.deliver(message, message);
    service = await service.restart((directory) => start(directory));
    await inbox.deliver(message);
    expect(await letters()).toHaveLength(1);
    await inbox.deliver({ ...message, body: Buffer.from('other garbage') });
    expect(await letters()).toHaveLength(2);
  });

  it('holds up none of those that came with it', async () => {
    const uri = await service.dataFile('w.csv', 3);
    await inbox.send({ body: arrival('a', uri) }, { body: 'garbage' }, { body: arrival('b', '/etc/passwd') }, { body: arrival('c', uri) });
    expect((await judged()).map(({ reason }) => reason?.id)).toEqual(['a', 'c']);
    expect(new Set((await letters()).map(({ code }) => code))).toEqual(new Set(['CLOUD_EVENT_INVALID', 'PATH_NOT_ALLOWED']));
  });

  it('on the wrong topic is refused, as one whom an access list keeps from the right one; a person may take it', async () => {
    const body = JSON.stringify({ specversion: '1.0', type: decayDetected, source: '/m', id: '1', data: { pipeline: 'flights-delay', severity: 'high' } });
    await inbox.send({ body });
    const [letter] = await letters();
    expect(letter?.reason).toBe('a refit.decay.detected.v1 belongs on the topic refit.decay-signals, and came on refit.data-arrivals: send it there, or retry this letter if it is to count all the same');
    expect(await service.call('retryDeadLetter', { letterId: letter!.letterId, actor: 'ada' })).toMatchObject({ succeeded: true, verdicts: [{ pipeline: 'flights-delay', judged: { reason: { origin: `dead letter ${letter!.letterId}` } } }] });
  });

  it('is given three tries when the fault is ours, and then kept', async () => {
    const uri = await service.dataFile('w.csv', 3);
    trouble = (stream) => (stream.startsWith('trigger-') ? new TypeError('x is not a function') : undefined);
    await inbox.send({ body: arrival('a', uri) });
    expect(inbox.refusals).toBe(2);
    expect(await letters()).toMatchObject([{ code: 'INTERNAL', reason: 'a fault in Refit: TypeError: x is not a function' }]);
  });
});

describe('while the store cannot be reached', () => {
  it('messages wait and come again, and each is answered for once', async () => {
    const uri = await service.dataFile('w.csv', 3);
    let outages = 10;
    trouble = (stream) => (stream !== deadLetterStream && outages-- > 0 ? new RefitError('STORE_UNAVAILABLE', 'the store is not there') : undefined);
    await inbox.send({ body: arrival('a', uri) }, { body: 'garbage' }, { body: arrival('b', uri) });
    expect(inbox.refusals).toBeGreaterThan(5);
    expect((await judged()).map(({ reason, skipCause }) => [reason?.id, skipCause])).toEqual([['a', 0], ['b', 0]]);
    expect(await letters()).toHaveLength(1);
  });
});
