import { create, fromBinary, toBinary, type MessageInitShape } from '@bufbuild/protobuf';
import { anyPack, timestampFromMs } from '@bufbuild/protobuf/wkt';
import { CloudEvent, HTTP, Kafka } from 'cloudevents';
import { describe, expect, it } from 'vitest';
import { RefitError } from '../errors.js';
import { CloudEventSchema } from '../gen/io/cloudevents/v1/cloudevents_pb.js';
import { DataFormat, DecaySeverity } from '../gen/refit/pipeline/v1/spec_pb.js';
import { DecayDetectedSchema } from '../gen/refit/trigger/v1/decay_detected_pb.js';
import { BatchSchema } from '../gen/refit/trigger/v1/events_pb.js';
import { maximumCloudEventBytes, type CloudEventMessage } from './outside-event.js';
import { parseCloudEvent } from './parse-cloud-event.js';
import { unknownNumbers } from './unknown-fields.js';

const arrival = { dataset: 'flights', uri: 'file:///data/flights-2001-w05.csv', format: 'csv', rows: 115_000 };
const batch = create(BatchSchema, {
  dataset: 'flights', name: 'flights-2001-w05', uri: 'file:///data/flights-2001-w05.csv', format: DataFormat.CSV, rows: 115_000,
});
const time = '2001-02-05T06:00:00.000Z';
const attributes = { id: 'w05', source: '/warehouse/exports', type: 'refit.data.arrived.v1', specversion: '1.0', time };
const utf8 = (text: string) => new TextEncoder().encode(text);

// The cloudevents library is the sender here: what an independent implementation writes must be read.
const sent = (message: { headers: unknown; body: unknown }): CloudEventMessage => ({
  headers: message.headers as CloudEventMessage['headers'], // both are HTTP headers
  body: utf8(String(message.body)),
});
const binary = (headers: Record<string, string | undefined>, body: Uint8Array | string = JSON.stringify(arrival)): CloudEventMessage => ({
  headers: {
    'content-type': 'application/json', 'ce-specversion': '1.0', 'ce-id': 'w05', 'ce-source': '/warehouse/exports',
    'ce-type': 'refit.data.arrived.v1', 'ce-time': time, ...headers,
  },
  body: typeof body === 'string' ? utf8(body) : body,
});
const structured = (event: unknown): CloudEventMessage => ({
  headers: { 'Content-Type': 'application/cloudevents+json; charset=utf-8' },
  body: utf8(typeof event === 'string' ? event : JSON.stringify(event)),
});
const protobuf = (event: MessageInitShape<typeof CloudEventSchema>): CloudEventMessage => ({
  headers: { 'content-type': 'application/cloudevents+protobuf' },
  body: toBinary(CloudEventSchema, create(CloudEventSchema, { id: 'w05', source: '/warehouse/exports', type: 'refit.data.arrived.v1', specVersion: '1.0', ...event })),
});

describe('fields that are not known', () => {
  const sentWith = (fields: object) => parseCloudEvent(structured({ ...attributes, data: { ...arrival, ...fields } }));

  it('are passed over with a warning that says what was probably meant', async () => {
    const { warnings } = await sentWith({ row: 5, formt: 'csv', owner: 'lake' });
    expect(warnings).toEqual([
      'data.row is not a field of refit.trigger.v1.Batch and was not read. Did you mean "rows"? Known: dataset, name, uri, format, rows',
      'data.formt is not a field of refit.trigger.v1.Batch and was not read. Did you mean "format"? Known: dataset, name, uri, format, rows',
      'data.owner is not a field of refit.trigger.v1.Batch and was not read. Known: dataset, name, uri, format, rows',
    ]);
  });
  it('are counted when they are many', async () => {
    const { warnings } = await sentWith(Object.fromEntries(Array.from({ length: 30 }, (_, i) => [`x${i}`, i])));
    expect(warnings).toHaveLength(6);
    expect(warnings?.at(-1)).toBe('25 more fields of the data were not read');
  });
  it('explain a field that is missing', async () => {
    await expect(parseCloudEvent(structured({ ...attributes, data: { datset: 'flights', uri: arrival.uri } }))).rejects.toMatchObject({
      code: 'CLOUD_EVENT_INVALID', message: 'data.dataset is missing', details: [{ message: expect.stringContaining('Did you mean "dataset"?') }],
    });
  });
  it('have numbers only where they came as protobuf', () => {
    const newer = fromBinary(BatchSchema, new Uint8Array([...toBinary(BatchSchema, batch), 0x98, 0x06, 0x01])); // field 99: 1
    expect(unknownNumbers(newer)).toEqual(['the fields 99 of refit.trigger.v1.Batch are not known to this version of Refit and were not read']);
    expect(unknownNumbers(batch)).toEqual([]);
  });
  it('say nothing where there are none', async () => {
    expect(await sentWith({})).not.toHaveProperty('warnings');
  });
});

describe('an arrival of data is read', () => {
  const expected = { kind: 'data-arrived', source: '/warehouse/exports', id: 'w05', batch };
  const timed = { ...expected, time: Date.parse(time) };

  it.each([
    ['in binary mode with JSON, as the cloudevents library sends it', sent(HTTP.binary(new CloudEvent({ ...attributes, data: arrival }))), timed],
    ['in structured mode with JSON, as the cloudevents library sends it', sent(HTTP.structured(new CloudEvent({ ...attributes, data: arrival }))), timed],
    ['in binary mode with protobuf', binary({ 'content-type': 'application/protobuf' }, toBinary(BatchSchema, batch)), timed],
    ['in structured JSON with protobuf in data_base64', structured({
      ...attributes, datacontenttype: 'application/protobuf', data_base64: Buffer.from(toBinary(BatchSchema, batch)).toString('base64'),
    }), timed],
    ['in structured JSON with JSON in data_base64', structured({ ...attributes, data_base64: Buffer.from(JSON.stringify(arrival)).toString('base64') }), timed],
    ['in structured protobuf with JSON text', protobuf({ data: { case: 'textData', value: JSON.stringify(arrival) } }), expected],
    ['in structured protobuf with our message', protobuf({
      attributes: { time: { attr: { case: 'ceTimestamp', value: timestampFromMs(Date.parse(time)) } } },
      data: { case: 'protoData', value: anyPack(BatchSchema, batch) },
    }), timed],
    ['in structured protobuf with our message as bytes', protobuf({
      attributes: { datacontenttype: { attr: { case: 'ceString', value: 'application/protobuf' } } },
      data: { case: 'binaryData', value: toBinary(BatchSchema, batch) },
    }), expected],
  ])('%s', async (_name, message, want) => {
    expect(await parseCloudEvent(message)).toEqual(want);
  });

  it('with extensions and fields that Refit does not know', async () => {
    expect(await parseCloudEvent(structured({ ...attributes, traceid: 'abc', data: { ...arrival, checksum: 'x' } }))).toMatchObject(timed);
  });

  it('with a percent-encoded header', async () => {
    expect(await parseCloudEvent(binary({ 'ce-id': 'Woche%20f%C3%BCnf' }))).toMatchObject({ id: 'Woche fünf' });
  });

  it.each([
    ['/in/week 05.csv.gz', 'week 05'], ['s3://b/a.parquet?version=2', 'a'], ['/in/.hidden', '.hidden'], ['/in/folder/', 'folder'], ['plain', 'plain'],
  ])('and a batch at %s is called %s', async (uri, name) => {
    expect(await parseCloudEvent(structured({ ...attributes, data: { dataset: 'd', uri } }))).toMatchObject({ batch: { name } });
  });

  it('and the format by its full name or its short one', async () => {
    for (const format of ['DATA_FORMAT_JSON_LINES', 'json-lines', 3]) {
      expect(await parseCloudEvent(structured({ ...attributes, data: { ...arrival, format } }))).toMatchObject({ batch: { format: DataFormat.JSON_LINES } });
    }
  });
});

describe('a decay is read', () => {
  const decay = create(DecayDetectedSchema, { pipeline: 'flight-delays', severity: DecaySeverity.HIGH, summary: 'ROC AUC fell to 0.61' });
  const type = 'refit.decay.detected.v1';

  it.each(['high', 'HIGH', 'DECAY_SEVERITY_HIGH', 3])('with the severity %s', async (severity) => {
    const event = { ...attributes, type, data: { pipeline: 'flight-delays', severity, summary: 'ROC AUC fell to 0.61' } };
    expect(await parseCloudEvent(structured(event))).toEqual({ kind: 'decay-detected', source: '/warehouse/exports', id: 'w05', time: Date.parse(time), decay });
  });

  it('as protobuf', async () => {
    const message = binary({ 'content-type': 'application/protobuf', 'ce-type': type }, toBinary(DecayDetectedSchema, decay));
    expect(await parseCloudEvent(message)).toMatchObject({ kind: 'decay-detected', decay });
  });
});

describe('a malformed event is refused, and the message says what is wrong and where:', () => {
  const without = (name: string) => structured(Object.fromEntries(Object.entries({ ...attributes, data: arrival }).filter(([key]) => key !== name)));

  const malformed: readonly (readonly [string, CloudEventMessage, string])[] = [
    ['no id', without('id'), 'member "id" is missing'],
    ['no id header', binary({ 'ce-id': undefined }), 'header ce-id is missing'],
    ['an empty id', structured({ ...attributes, id: '', data: arrival }), 'member "id" is empty'],
    ['an id that is a number', structured({ ...attributes, id: 5, data: arrival }), 'member "id" must be a string, not 5'],
    ['an endless id', structured({ ...attributes, id: 'x'.repeat(300), data: arrival }), 'member "id" has 300 characters; at most 256'],
    ['no source', without('source'), 'member "source" is missing'],
    ['a source that is no URI reference', binary({ 'ce-source': 'not a uri' }), 'header ce-source is "not a uri", not a URI reference'],
    ['no type', without('type'), 'member "type" is missing'],
    ['no type in protobuf', protobuf({ type: '' }), 'field type is empty'],
    ['no specversion', binary({ 'ce-specversion': undefined }), 'header ce-specversion is missing'],
    ['a wrong specversion', structured({ ...attributes, specversion: '0.3', data: arrival }), 'member "specversion" is "0.3"; Refit reads CloudEvents 1.0'],
    ['a wrong spec_version in protobuf', protobuf({ specVersion: '2.0' }), 'field spec_version is "2.0"'],
    ['a bad time', binary({ 'ce-time': 'last tuesday' }), 'header ce-time is "last tuesday", not a time as RFC 3339'],
    ['a day that does not exist', structured({ ...attributes, time: '2001-02-30T00:00:00Z', data: arrival }), 'member "time" is "2001-02-30T00:00:00Z"'],
    ['JSON that breaks off', structured('{"id": "w05",'), 'the body is not JSON'],
    ['JSON data that breaks off', binary({}, '{"dataset": '), 'the body is not JSON'],
    ['bytes that are not UTF-8', binary({}, new Uint8Array([0xff, 0xfe])), 'the body is not JSON: The encoded data was not valid'],
    ['an event that is an array', structured([attributes]), 'the body is JSON but not an object'],
    ['data that is not an object', structured({ ...attributes, data: 'flights.csv' }), 'the data is a string; it must be a JSON object'],
    ['data that is an array', binary({}, '[1]'), 'the data is an array'],
    ['data and data_base64', structured({ ...attributes, data: arrival, data_base64: 'e30=' }), 'both "data" and "data_base64"'],
    ['data_base64 that is not', structured({ ...attributes, data_base64: '~~~' }), 'member "data_base64" is not base64'],
    ['no data', binary({}, ''), 'the event has no data; it must carry a refit.trigger.v1.Batch'],
    ['no content type and no ce- headers', { headers: {}, body: utf8('{}') }, 'this is not a CloudEvent: it has no ce-* headers'],
    ['an unknown content type', binary({ 'content-type': 'text/xml' }, '<a/>'), 'the content type of the body is "text/xml"; send application/json'],
    ['an unknown event format', { headers: { 'content-type': 'application/cloudevents+avro' }, body: utf8('x') }, 'the content type is "application/cloudevents+avro"'],
    ['a batch of events', { headers: { 'content-type': 'application/cloudevents-batch+json' }, body: utf8('[]') }, 'this is a batch of CloudEvents'],
    ['an unknown type', structured({ ...attributes, type: 'com.example.order.v1', data: arrival }), 'member "type" is "com.example.order.v1", which Refit does not know'],
    ['an oversize body', binary({}, new Uint8Array(maximumCloudEventBytes + 1)), 'the body has more than 262144 bytes (256 KiB)'],
    ['protobuf garbage', { headers: { 'content-type': 'application/cloudevents+protobuf' }, body: utf8('garbage?') }, 'the body is not an io.cloudevents.v1.CloudEvent'],
    ['protobuf data that is garbage', binary({ 'content-type': 'application/protobuf' }, 'garbage?'), 'the data is not a refit.trigger.v1.Batch'],
    ['another protobuf message', protobuf({ data: { case: 'protoData', value: anyPack(DecayDetectedSchema, create(DecayDetectedSchema)) } }), 'the data is a "refit.trigger.v1.DecayDetected"'],
    ['a dataset that is missing', structured({ ...attributes, data: { uri: '/a.csv' } }), 'data.dataset is missing'],
    ['an address that is missing', structured({ ...attributes, data: { dataset: 'flights' } }), 'data.uri is missing'],
    ['rows below zero', structured({ ...attributes, data: { ...arrival, rows: -1 } }), 'the data is not a refit.trigger.v1.Batch: cannot decode field refit.trigger.v1.Batch.rows'],
    ['a format nobody knows', structured({ ...attributes, data: { ...arrival, format: 'xls' } }), 'data.format is "xls"; it must be one of csv, tsv, json-lines, parquet'],
    ['a severity nobody knows', structured({ ...attributes, type: 'refit.decay.detected.v1', data: { pipeline: 'p', severity: 'awful' } }), 'data.severity is "awful"; it must be one of low, medium, high'],
    ['no severity', structured({ ...attributes, type: 'refit.decay.detected.v1', data: { pipeline: 'p' } }), 'data.severity is missing'],
    ['an extension in capitals', structured({ ...attributes, traceID: 'x', data: arrival }), 'invalid extension name: traceID'],
    ['a header that is not percent-encoded', binary({ 'ce-id': '100%' }), 'header ce-id is not well percent-encoded'],
  ];

  it.each(malformed)('%s', async (_name, message, says) => {
    const error = await parseCloudEvent(message).then(() => undefined, (e: unknown) => e);
    expect(error).toBeInstanceOf(RefitError);
    expect(error).toMatchObject({ code: 'CLOUD_EVENT_INVALID' });
    expect((error as RefitError).message).toContain(says);
  });

  it('each of the kinds with a message of its own', async () => {
    const messages = await Promise.all(malformed.map(([, message]) => parseCloudEvent(message).then(() => '', (e: Error) => e.message)));
    const shared = messages.filter((m, i) => messages.indexOf(m) !== i);
    expect(shared).toEqual([]);
  });
});

describe('a Kafka message', () => {
  const headers = { 'content-type': 'application/json', ce_specversion: '1.0', ce_id: 'w05', ce_source: '/warehouse/exports', ce_type: 'refit.data.arrived.v1' };
  const kafka = (given: Record<string, string>, body: string | Uint8Array): CloudEventMessage => ({ transport: 'kafka', headers: given, body: typeof body === 'string' ? utf8(body) : body });
  const inJson = JSON.stringify({ ...attributes, data: arrival });
  const expected = { kind: 'data-arrived', source: '/warehouse/exports', id: 'w05', batch };

  // The cloudevents library is the sender.
  const written = (mode: 'binary' | 'structured') => {
    const sent = Kafka[mode](new CloudEvent({ ...attributes, datacontenttype: 'application/json', data: arrival }));
    const text = typeof sent.value === 'string' ? sent.value : JSON.stringify(sent.value);
    return kafka(Object.fromEntries(Object.entries(sent.headers).flatMap(([name, value]) => (value === undefined ? [] : [[name.toLowerCase(), String(value)]]))), text);
  };

  it('is read in binary mode, with headers that are not percent-encoded', async () => {
    expect(await parseCloudEvent(written('binary'))).toMatchObject(expected);
    expect(await parseCloudEvent(kafka({ ...headers, ce_id: '100%' }, JSON.stringify(arrival)))).toMatchObject({ id: '100%' });
    expect(await parseCloudEvent(kafka({ ...headers, 'content-type': 'application/protobuf' }, toBinary(BatchSchema, batch)))).toMatchObject(expected);
  });

  it('is read in structured mode', async () => {
    expect(await parseCloudEvent(written('structured'))).toMatchObject(expected);
    expect(await parseCloudEvent({ ...protobuf({ data: { case: 'protoData', value: anyPack(BatchSchema, batch) } }), transport: 'kafka' })).toMatchObject(expected);
  });

  it('without headers is read when it says which version of CloudEvents it is', async () => {
    expect(await parseCloudEvent(kafka({}, inJson))).toMatchObject(expected);
    expect(await parseCloudEvent(kafka({ 'content-type': 'application/json' }, inJson))).toMatchObject(expected);
  });

  it.each([
    ['empty', {}, '', /no ce_\* headers .*; and it is empty$/],
    ['some JSON', {}, '{"dataset": "flights"}', /; and its body is no JSON object with a "specversion"$/],
    ['cut off', {}, inJson.slice(0, -1), /; and the body is not JSON: /],
    ['text', { 'content-type': 'text/plain' }, inJson, /its content type is "text\/plain", not/],
    ['lacking an attribute', { ...headers, ce_id: '' }, '{}', /^header ce_id is empty$/],
    ['with the headers of HTTP', { 'ce-id': '1' }, '{}', /no ce_\* headers/],
    ['a batch', { 'content-type': 'application/cloudevents-batch+json' }, '[]', /send one event per message$/],
  ])('that is %s is refused', async (_name, given, body, message) => {
    await expect(parseCloudEvent(kafka(given as Record<string, string>, body))).rejects.toMatchObject({ code: 'CLOUD_EVENT_INVALID', message: expect.stringMatching(message) }); // of strings only
  });
});
