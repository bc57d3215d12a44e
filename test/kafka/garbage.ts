import { encodeMessage } from '@refit/bus/kafka';
import { sampleMessage } from '@refit/bus/testing';
import type { Message } from 'kafkajs';

const sound = encodeMessage(sampleMessage());
const withHeaders = (headers: NonNullable<Message['headers']>, value: Message['value'] = sound.value): Message => ({ key: sound.key, headers, value });
const withValue = (value: Message['value']): Message => withHeaders({ ...sound.headers }, value);
const without = (name: string) => withHeaders(Object.fromEntries(Object.entries(sound.headers).filter(([other]) => other !== name)));
const but = (name: string, value: string | Buffer) => withHeaders({ ...sound.headers, [name]: value });

/** Twenty kinds of what may lie on a topic and is no message of Refit's. */
export const garbage: readonly (readonly [what: string, message: Message])[] = [
  ['nothing at all', { value: null }],
  ['an empty value', { value: '' }],
  ['random bytes', { key: Buffer.from([0, 255]), value: Buffer.from(Array.from({ length: 500 }, (_, i) => (i * 7919) % 256)) }],
  ['plain text', { value: 'hello?' }],
  ['JSON without headers', { value: '{"a":1}' }],
  ['a structured CloudEvent', { headers: { 'content-type': 'application/cloudevents+json' }, value: '{"specversion":"1.0","id":"1","source":"x","type":"y"}' }],
  ['a CloudEvent of somebody else', withHeaders({ ce_specversion: '1.0', ce_id: '1', ce_source: 'x', ce_type: 'com.example.thing' }, '{}')],
  ['no version', without('ce_specversion')],
  ['another version', but('ce_specversion', '0.3')],
  ['no id', without('ce_id')],
  ['no stream', without('ce_subject')],
  ['a type that is no UTF-8', but('ce_type', Buffer.from([0xc3, 0x28]))],
  ['a revision that is no number', but('ce_revision', 'many')],
  ['a position that is no number', but('ce_position', '-1')],
  ['a time that is none', but('ce_time', 'soon')],
  ['metadata that is no JSON', but('ce_metadata', '{')],
  ['a value cut off', withValue(sound.value.subarray(0, 1))],
  ['a value that is a list', withValue('[1]')],
  ['a value that is no UTF-8', withValue(Buffer.from([0x7b, 0xff, 0x7d]))],
  ['a value of half a mebibyte', withValue('x'.repeat(512 * 1024))],
];
