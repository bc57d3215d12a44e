import { truncate } from 'node:fs/promises';
import { request } from 'node:http';
import { create, toBinary } from '@bufbuild/protobuf';
import { BatchSchema, deadLetterStream, Verdict } from '@refit/contracts';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { pipelineFile, TriggerService } from '../testing/trigger-service.js';

let service: TriggerService;
beforeEach(async () => {
  service = await TriggerService.start();
  await service.call('applyPipeline', { fileName: 'f.yaml', text: pipelineFile(), baseDirectory: service.directory, actor: 'ada' });
});
afterEach(() => service.remove());

interface Answer {
  readonly status: number;
  readonly body: Record<string, unknown>;
}

function post(body: string | Uint8Array, headers: Record<string, string> = { 'content-type': 'application/cloudevents+json' }): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const call = request(`${service.url}/events`, { method: 'POST', headers }, (response) => {
      response.toArray().then((chunks: Buffer[]) => resolve({ status: response.statusCode ?? 0, body: JSON.parse(Buffer.concat(chunks).toString()) }), reject);
    });
    call.on('error', reject);
    call.end(body);
  });
}
const arrival = (data: object, more: object = {}) => JSON.stringify({ specversion: '1.0', type: 'refit.data.arrived.v1', source: '/exports', id: 'w05', data, ...more });
const emptyFile = async () => {
  const path = await service.dataFile('empty.csv', 0);
  await truncate(path);
  return path;
};
const letters = async (includeSettled = false) => (await service.call('listDeadLetters', { includeSettled })).letters;

describe('POST /events', () => {
  it('answers 202 with the verdict of each pipeline', async () => {
    const uri = await service.dataFile('w05.csv', 7);
    expect(await post(arrival({ dataset: 'flights', uri }))).toMatchObject({
      status: 202, body: { source: '/exports', id: 'w05', verdicts: [{ pipeline: 'flights-delay', verdict: 'VERDICT_STARTED', reason: { batch: { name: 'w05', rows: 7 } } }] },
    });
    expect((await post(arrival({ dataset: 'flights', uri }))).body).toMatchObject({ verdicts: [{ verdict: 'VERDICT_SKIPPED', skipCause: 'SKIP_CAUSE_DUPLICATE' }] });
  });

  it('does not say what it is made with', async () => {
    const { headers } = await fetch(`${service.url}/events`, { method: 'POST' });
    expect(headers.get('x-powered-by')).toBeNull();
  });

  it('answers each of those that come at the same time for itself', async () => {
    const uri = await service.dataFile('w05.csv', 7);
    const answers = await Promise.all(Array.from({ length: 40 }, (_, i) => post(arrival({ dataset: 'flights', uri, name: `w${i}` }, { id: `w${i}` }))));
    expect(answers.map(({ status, body }) => [status, body['id']])).toEqual(answers.map((_, i) => [202, `w${i}`]));
    expect(await service.started('flights-delay')).toHaveLength(1);
  });

  it('takes binary mode with protobuf', async () => {
    const batch = toBinary(BatchSchema, create(BatchSchema, { dataset: 'flights', uri: await service.dataFile('w06.csv', 3) }));
    const headers = { 'content-type': 'application/protobuf', 'ce-specversion': '1.0', 'ce-id': 'w06', 'ce-source': '/exports', 'ce-type': 'refit.data.arrived.v1' };
    expect(await post(batch, headers)).toMatchObject({ status: 202, body: { verdicts: [{ verdict: 'VERDICT_STARTED' }] } });
  });

  it('takes a decay', async () => {
    const decay = (severity: string) => arrival({ pipeline: 'flights-delay', severity, summary: 'ROC AUC fell to 0.61' }, { type: 'refit.decay.detected.v1', id: severity });
    expect((await post(decay('high'))).body).toMatchObject({ verdicts: [{ verdict: 'VERDICT_STARTED', reason: { severity: 'DECAY_SEVERITY_HIGH', summary: 'ROC AUC fell to 0.61' } }] });
  });
});

describe('a refused message', () => {
  it.each([
    ['malformed', '{', 400, 'CLOUD_EVENT_INVALID'],
    ['of an unknown dataset', arrival({ dataset: 'rides', uri: '/x.csv' }), 404, 'DATASET_NOT_FOUND'],
    ['for an unknown pipeline', arrival({ pipeline: 'rides', severity: 'high' }, { type: 'refit.decay.detected.v1' }), 404, 'PIPELINE_NOT_FOUND'],
    ['naming a file outside the allowed folders', arrival({ dataset: 'flights', uri: '/etc/hostname' }), 403, 'PATH_NOT_ALLOWED'],
  ])('%s is answered with the reason and kept', async (_name, body, status, code) => {
    const answer = await post(body, { 'content-type': 'application/cloudevents+json', authorization: 'Bearer secret', cookie: 'session=secret' });
    expect(answer).toMatchObject({ status, body: { code, message: expect.any(String), details: [], letterId: expect.any(String) } });
    const [letter] = await letters();
    expect(letter).toMatchObject({ status: 'parked', parked: { letterId: answer.body['letterId'], code, reason: answer.body['message'], origin: 'http', truncated: false } });
    expect(Buffer.from(letter!.parked!.body).toString()).toBe(body);
    expect(letter!.parked!.headers).toEqual({ 'content-type': 'application/cloudevents+json' });
  });

  it.each([
    ['missing', (folder: string) => `${folder}/data/none.csv`, 'DATA_FILE_NOT_FOUND'],
    ['empty', emptyFile, 'DATA_FILE_EMPTY'],
    ['not what its name says', () => service.dataFile('w05.parquet', 1), 'DATA_FILE_UNREADABLE'],
  ])('whose data file is %s is answered 422 and kept', async (_name, path, code) => {
    expect(await post(arrival({ dataset: 'flights', uri: await path(service.directory) }))).toMatchObject({ status: 422, body: { code } });
    expect(await letters()).toMatchObject([{ parked: { code } }]);
  });

  it('that is too large is answered 413, and its beginning is kept', async () => {
    const answer = await post(`{"x": "${'x'.repeat(1024 * 1024)}"}`);
    expect(answer).toMatchObject({ status: 413, body: { code: 'CLOUD_EVENT_INVALID', message: expect.stringContaining('256 KiB') } });
    const [letter] = await letters();
    expect(letter).toMatchObject({ parked: { truncated: true } });
    expect(letter!.parked!.body.byteLength).toBe(32 * 1024);
    const again = await service.call('retryDeadLetter', { letterId: letter!.parked!.letterId, actor: 'ada' });
    expect(again).toMatchObject({ succeeded: false, reason: 'only the first 32 KiB of the message were kept; ask its sender to send it again' });
  });
});

describe('a request that did not come from this machine’s own programs', () => {
  const json = { 'content-type': 'application/cloudevents+json' };

  it.each([
    ['under another host name', { ...json, host: 'refit.attacker.example' }, 'the request is addressed to "refit.attacker.example"'],
    ['from a web page', { ...json, origin: 'https://attacker.example' }, 'requests from web pages of https://attacker.example are not taken'],
  ])('%s is refused and not kept', async (_name, headers, message) => {
    const answer = await post(arrival({ dataset: 'flights', uri: await service.dataFile('w.csv', 1) }), headers);
    expect(answer).toMatchObject({ status: 403, body: { code: 'ADDRESS_NOT_ALLOWED', message: expect.stringContaining(message) } });
    expect(await service.events(deadLetterStream)).toEqual([]);
  });

  it('with the content type of a form is not read', async () => {
    expect(await post('a=b', { 'content-type': 'application/x-www-form-urlencoded' })).toMatchObject({ status: 400, body: { code: 'CLOUD_EVENT_INVALID' } });
  });
});

describe('a dead letter', () => {
  const refuse = async () => String((await post(arrival({ dataset: 'rides', uri: await service.dataFile('w05.csv', 5) }))).body['letterId']);

  it('survives a restart, fails again, and succeeds when its cause is gone', async () => {
    const letterId = await refuse();
    service = await service.restart();
    expect(await service.call('retryDeadLetter', { letterId, actor: 'ada' })).toMatchObject({ succeeded: false, reason: expect.stringContaining('no pipeline reads the dataset "rides"') });
    await service.call('applyPipeline', { fileName: 'r.yaml', text: pipelineFile('rides').replace('dataset: flights', 'dataset: rides'), baseDirectory: service.directory });
    expect(await service.call('retryDeadLetter', { letterId, actor: 'ada' })).toMatchObject({ succeeded: true, reason: '' });
    expect((await service.call('listReasons', { pipeline: 'rides' })).reasons).toMatchObject([{ judged: { verdict: Verdict.STARTED } }]);
    expect(await letters()).toEqual([]);
    expect(await letters(true)).toMatchObject([{ status: 'retried' }]);
    await expect(service.call('retryDeadLetter', { letterId })).rejects.toMatchObject({ code: 'DEAD_LETTER_SETTLED' });
  });

  it('is discarded once', async () => {
    const letterId = await refuse();
    await service.call('discardDeadLetter', { letterId, actor: 'ada', reason: 'a test' });
    expect(await letters(true)).toMatchObject([{ status: 'discarded' }]);
    await expect(service.call('discardDeadLetter', { letterId, actor: 'ada' })).rejects.toMatchObject({ code: 'DEAD_LETTER_SETTLED' });
    await expect(service.call('discardDeadLetter', { letterId: 'none', actor: 'ada' })).rejects.toMatchObject({ code: 'DEAD_LETTER_NOT_FOUND' });
  });

  it('is listed newest first, page by page', async () => {
    const ids: string[] = [];
    for (let i = 0; i < 5; i++) ids.unshift(await refuse());
    const seen: string[] = [];
    for (let pageToken = ''; ; ) {
      const page = await service.call('listDeadLetters', { pageSize: 2, pageToken });
      seen.push(...page.letters.map((l) => l.parked!.letterId));
      pageToken = page.nextPageToken;
      if (pageToken === '') break;
    }
    expect(seen).toEqual(ids);
  });
});
