import { Kafka as KafkaBinding, type KafkaMessage } from 'cloudevents';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { BusMessage } from '../bus.js';
import { sampleMessage } from '../testing/index.js';
import { decodeMessage, encodeMessage, UnreadableMessage, type EncodedMessage } from './message-codec.js';

const asRead = ({ headers, value }: EncodedMessage) => ({
  headers: Object.entries(headers).map(([name, text]) => [name, Buffer.from(text)] as const),
  value,
});

/** JSON has no negative zero. */
const jsonObject = fc.dictionary(fc.string(), fc.jsonValue()).map((value) => JSON.parse(JSON.stringify(value)) as BusMessage['data']);
const text = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 60 }).filter((value) => value.isWellFormed());
const messages = fc.record({
  id: fc.uuid(),
  type: fc.constantFrom('refit.run.v1.ModelTrained', 'refit.trigger.v1.ReasonJudged'),
  data: jsonObject,
  metadata: fc.tuple(
    fc.record({ $correlationId: text, $causationId: fc.uuid(), actor: fc.oneof(text, fc.string({ unit: 'binary' })), traceparent: text }, { requiredKeys: [] }),
    jsonObject,
  ).map(([named, others]) => ({ ...others, ...named })),
  stream: text,
  revision: fc.nat(),
  position: fc.bigInt({ min: 0n, max: 10n ** 30n }).map(String),
  recordedAt: fc.integer({ min: 0, max: 4_000_000_000_000 }),
});

describe('a message on Kafka', () => {
  it('comes out as it went in', () => {
    fc.assert(fc.property(messages, (message) => {
      expect(decodeMessage(asRead(encodeMessage(message)))).toEqual(message);
    }), { numRuns: 500 });
  });

  it('keeps metadata that cannot be a header: control characters, half characters, no text at all', () => {
    const metadata = { actor: 'a\nb', $correlationId: '\ud800', traceparent: 7, deep: { list: [1, null] } };
    const encoded = encodeMessage(sampleMessage({ metadata }));
    expect(Object.keys(encoded.headers).filter((name) => /actor|correlation|trace/.test(name))).toEqual([]);
    expect(decodeMessage(asRead(encoded)).metadata).toEqual(metadata);
  });

  it('is a CloudEvent to the CloudEvents SDK, which reads its attributes and its data', () => {
    const message = sampleMessage({ data: { rows: 3 }, metadata: { $correlationId: 'run-7', traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01' }, stream: 'run-7', recordedAt: 1_790_000_000_000 });
    const { headers, value, key } = encodeMessage(message);
    const record: KafkaMessage<string> = { headers, key, value: value.toString(), body: value.toString() };
    const event = KafkaBinding.toEvent(record);
    expect(event).toMatchObject({
      specversion: '1.0', id: message.id, type: message.type, source: 'refit', subject: 'run-7', time: '2026-09-21T14:13:20.000Z',
      datacontenttype: 'application/json', revision: '0', position: '1', correlationid: 'run-7', data: { rows: 3 },
    });
  });

  const sound = asRead(encodeMessage(sampleMessage({ metadata: { note: 'n' } })));
  const withHeader = (name: string, value: string | Buffer | undefined) => ({
    ...sound,
    headers: [...sound.headers.filter(([other]) => other !== name), ...(value === undefined ? [] : [[name, Buffer.from(value)] as const])],
  });
  const withValue = (value: string | Buffer) => ({ ...sound, value: Buffer.from(value) });

  it.each([
    ['no headers', { ...sound, headers: [] }, 'ce_specversion'],
    ['another version of CloudEvents', withHeader('ce_specversion', '0.3'), '0.3'],
    ['no id', withHeader('ce_id', undefined), 'ce_id'],
    ['a type that is no UTF-8', withHeader('ce_type', Buffer.from([0xff, 0xfe])), 'ce_type'],
    ['a negative revision', withHeader('ce_revision', '-1'), 'revision'],
    ['a revision beyond exact numbers', withHeader('ce_revision', '9007199254740993'), 'revision'],
    ['a position that is no number', withHeader('ce_position', '12x'), 'position'],
    ['an endless position', withHeader('ce_position', '9'.repeat(1000)), 'position'],
    ['no time', withHeader('ce_time', 'yesterday'), 'time'],
    ['metadata that is a list', withHeader('ce_metadata', '[]'), 'ce_metadata'],
    ['no value', withValue(''), 'value'],
    ['a value that is cut off', withValue('{"a":'), 'value'],
    ['a value that is a number', withValue('7'), 'value'],
    ['a value that is null', withValue('null'), 'value'],
    ['a value of random bytes', withValue(Buffer.from([0, 159, 146, 150])), 'value'],
  ])('is refused with %s, by the name of what is wrong', (_what, record, named) => {
    expect(() => decodeMessage(record)).toThrow(UnreadableMessage);
    expect(() => decodeMessage(record)).toThrow(named);
  });

  it('is read or refused, whatever the bytes', () => {
    const bytes = fc.uint8Array({ maxLength: 60 }).map((array) => Buffer.from(array));
    const names = fc.constantFrom(...sound.headers.map(([name]) => name));
    fc.assert(fc.property(fc.array(fc.tuple(names, bytes)), bytes, (headers, value) => {
      expect(['read', UnreadableMessage.name]).toContain(outcomeOf({ headers: [...headers, ...sound.headers], value }));
    }), { numRuns: 500 });
  });
});

function outcomeOf(record: Parameters<typeof decodeMessage>[0]): string {
  try {
    decodeMessage(record);
    return 'read';
  } catch (error) {
    return error instanceof Error ? error.name : String(error);
  }
}
