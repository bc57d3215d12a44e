import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { RefitProcess } from '../../support/refit-process.ts';
import { dayCsv, pipelineText } from '../../support/shop-data.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const { path, folder, write } = temporaryFolder('cloud-events');
let server: RefitProcess;
beforeAll(async () => {
  server = await RefitProcess.start(folder);
  await server.run('apply', write('shop.yaml', pipelineText));
}, 60_000);
afterAll(() => server.stop());

interface Letter {
  readonly parked: { readonly letterId: string; readonly code: string; readonly reason: string; readonly body?: string; readonly truncated?: boolean };
  readonly status: string;
}
const letters = async (...options: readonly string[]) => (await server.json<{ letters?: readonly Letter[] }>('dead-letters', 'list', '--limit', '100', ...options)).letters ?? [];
const ofLetter = async (id: string | undefined) => (await letters('--all')).find(({ parked }) => parked.letterId === id);

const binary = { 'ce-specversion': '1.0', 'ce-id': '1', 'ce-source': '/shop', 'ce-type': 'refit.data.arrived.v1', 'content-type': 'application/json' };
const event = (more: object) => JSON.stringify({ specversion: '1.0', type: 'refit.data.arrived.v1', source: '/shop', id: '1', ...more });
const arrival = (id: string, data: object) => JSON.stringify({ specversion: '1.0', type: 'refit.data.arrived.v1', source: '/shop', id, data });
const structured = { 'content-type': 'application/cloudevents+json' };

describe('a CloudEvent that is', () => {
  const refused: string[] = [];

  it.each<readonly [string, string | Uint8Array, Record<string, string>, RegExp]>([
    ['empty', '', structured, /^the body is empty; it must be JSON$/],
    ['cut off', '{"specversion":', structured, /^the body is not JSON: Unexpected end/],
    ['not UTF-8', Uint8Array.of(0x22, 0xff, 0x22), structured, /^the body is not JSON: .*utf-8/],
    ['a list', '[]', structured, /one JSON object$/],
    ['no CloudEvent at all', '{"dataset":"shop"}', { 'content-type': 'application/json' }, /^this is not a CloudEvent: it has no ce-\* headers/],
    ['of another version', event({ specversion: '0.3' }), structured, /^member "specversion" is "0\.3"; Refit reads CloudEvents 1\.0$/],
    ['without an id', event({ id: undefined }), structured, /^member "id" is missing/],
    ['without a source, in binary mode', '{}', { ...binary, 'ce-source': '' }, /^header ce-source is (missing|empty)/],
    ['from no time', event({ time: 'yesterday' }), structured, /^member "time" is "yesterday", not a time as RFC 3339 writes it/],
    ['of an unknown type', event({ type: 'refit.data.arived.v1' }), structured, /which Refit does not know; it takes refit\.data\.arrived\.v1/],
    ['without data', event({}), structured, /^the event has no data; it must carry a refit\.trigger\.v1\.Batch$/],
    ['with data of a wrong type', event({ data: { dataset: 7, uri: '/x' } }), structured, /field refit\.trigger\.v1\.Batch\.dataset from JSON: expected string, got 7$/],
    ['without an address', event({ data: { dataset: 'shop' } }), structured, /^data\.uri is missing$/],
    ['of an unknown format', event({ data: { dataset: 'shop', uri: '/x', format: 'xlsx' } }), structured, /^data\.format is "xlsx"; it must be one of csv, tsv/],
    ['a batch of several', '[]', { 'content-type': 'application/cloudevents-batch+json' }, /send one event per request$/],
    ['no protobuf, though it says so', 'garbage', { 'content-type': 'application/cloudevents+protobuf' }, /^the body is not an io\.cloudevents\.v1\.CloudEvent in protobuf/],
    ['XML', '<x/>', { ...binary, 'content-type': 'text/xml' }, /"text\/xml"; send application\/json or application\/protobuf$/],
    ['a decay of no known severity', event({ type: 'refit.decay.detected.v1', data: { pipeline: 'shop', severity: 'awful' } }), structured, /one of low, medium, high$/],
  ])('%s is answered 400 with what is wrong, and kept', async (_name, body, headers, telling) => {
    const answer = await server.post(body, headers);
    expect(answer).toMatchObject({ status: 400, body: { code: 'CLOUD_EVENT_INVALID', message: expect.stringMatching(telling), letterId: expect.any(String) } });
    refused.push(answer.body.letterId!);
  });

  it('refused stands among the dead letters with its reason, newest first', async () => {
    const kept = await letters();
    expect(kept.map(({ parked }) => parked.letterId)).toEqual(refused.toReversed());
    for (const { status, parked } of kept) expect({ status, ...parked }).toMatchObject({ status: 'parked', code: 'CLOUD_EVENT_INVALID', reason: expect.stringMatching(/.{10}/) });
    const { stdout } = await server.command('dead-letters');
    expect(stdout).toMatch(/member "specversion" is "0\.3"/);
  });

  it('far too large is answered 413, and its beginning kept', async () => {
    const { status, body } = await server.post(event({ data: { dataset: 'x'.repeat(2_000_000) } }));
    expect({ status, body }).toMatchObject({ status: 413, body: { code: 'CLOUD_EVENT_INVALID', message: expect.stringMatching(/262144 bytes \(256 KiB\); send the data's address, not the data$/) } });
    const letter = await ofLetter(body.letterId);
    expect(letter?.parked.truncated).toBe(true);
    expect(Buffer.from(letter?.parked.body ?? '', 'base64').byteLength).toBe(32 * 1024);
    expect(await server.run('dead-letters', 'retry', body.letterId!)).toMatchObject({ exitCode: 1, stdout: expect.stringContaining('ask its sender to send it again') });
  });
});

describe('a dead letter', () => {
  it('is refused again while its cause is there, and can be set aside', async () => {
    const { letterId = '' } = (await server.post('{')).body;
    expect(await server.run('dead-letters', 'retry', letterId)).toMatchObject({ exitCode: 1, stdout: expect.stringMatching(/failed again: the body is not JSON/) });
    expect(await ofLetter(letterId)).toMatchObject({ status: 'parked' });
    expect(await server.run('dead-letters', 'discard', letterId, '--reason', 'noise')).toMatchObject({ exitCode: 0 });
    expect(await ofLetter(letterId)).toMatchObject({ status: 'discarded' });
    expect(await server.run('dead-letters', 'retry', letterId)).toMatchObject({ exitCode: 1, stderr: expect.stringMatching(/^error DEAD_LETTER_SETTLED: .* was discarded already/) });
  });

  it('for a pipeline that comes later is taken then', async () => {
    const uri = pathToFileURL(write('shelf.csv', dayCsv(1))).href;
    const { status, body } = await server.post(arrival('shelf-1', { dataset: 'shelf', uri }));
    expect({ status, body }).toMatchObject({ status: 404, body: { code: 'DATASET_NOT_FOUND', message: 'no pipeline reads the dataset "shelf"; known: shop' } });
    await server.run('apply', write('shelf.yaml', pipelineText.replaceAll(/(name|dataset): shop/g, '$1: shelf')));
    expect(await server.run('dead-letters', 'retry', body.letterId!)).toMatchObject({ exitCode: 0, stdout: expect.stringContaining('was taken') });
    expect((await server.run('reasons', 'shelf')).stdout).toMatch(/started .*400 new rows wait/);
  });

  it('about a file that comes later is taken then', async () => {
    const { status, body } = await server.post(arrival('late', { dataset: 'shop', uri: pathToFileURL(path('late.csv')).href }));
    expect({ status, body }).toMatchObject({ status: 422, body: { code: 'DATA_FILE_NOT_FOUND', message: `${path('late.csv')} does not exist: deliver it, or correct the path` } });
    write('late.csv', dayCsv(1));
    expect(await server.run('dead-letters', 'retry', body.letterId!)).toMatchObject({ exitCode: 0 });
    expect(await ofLetter(body.letterId)).toMatchObject({ status: 'retried' });
  });
});

it('a refused message leaves no trace among the reasons to run', async () => {
  const { reasons = [] } = await server.json<{ reasons?: readonly { readonly judged: { readonly reason: { readonly id: string } } }[] }>('reasons');
  expect(reasons.map(({ judged }) => judged.reason.id).toSorted()).toEqual(['late', 'shelf-1']);
});
