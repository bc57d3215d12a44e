import { randomBytes } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import { deadLetterStream } from '@refit/contracts';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FakeInbox } from '../testing/fake-inbox.js';
import { pipelineFile, TriggerService } from '../testing/trigger-service.js';

let inbox: FakeInbox;
let service: TriggerService;
beforeEach(async () => {
  inbox = new FakeInbox();
  service = await TriggerService.start(undefined, {}, (runtime) => ({ ...runtime, inbox }));
});
afterEach(() => service.remove());

type Filter = Parameters<typeof service.call<'listDeadLetters'>>[1];
const list = async (request: Filter = {}) => (await service.call('listDeadLetters', request)).letters;
const origins = async (request: Filter) => (await list(request)).map(({ parked }) => parked?.origin);
const artifacts = async () => (await readdir(join(service.directory, 'artifacts'), { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile());
const arrival = (id: string, uri: string) => JSON.stringify({ specversion: '1.0', type: 'refit.data.arrived.v1', source: '/exports', id, data: { dataset: 'flights', name: id, uri } });

describe('dead letters', () => {
  it('are listed by code, origin, time and page, newest first, with or without their bodies', async () => {
    await inbox.send({ body: 'a' }, { body: arrival('b', '/x.csv') });
    await inbox.send({ body: 'c', topic: 'refit.decay-signals', partition: 12 });
    const all = ['kafka refit.decay-signals/12@0', 'kafka refit.data-arrivals/0@1', 'kafka refit.data-arrivals/0@0'];
    expect(await origins({})).toEqual(all);
    expect(await origins({ code: 'DATASET_NOT_FOUND' })).toEqual([all[1]]);
    expect(await origins({ origin: 'kafka refit.data-arrivals' })).toEqual(all.slice(1));
    expect(await origins({ origin: 'http' })).toEqual([]);
    expect(await origins({ since: timestampFromMs(Date.now() - 60_000) })).toEqual(all);
    expect(await origins({ until: timestampFromMs(Date.now() - 60_000) })).toEqual([]);
    const first = await service.call('listDeadLetters', { pageSize: 2 });
    const second = await service.call('listDeadLetters', { pageSize: 2, pageToken: first.nextPageToken });
    expect([...first.letters, ...second.letters].map(({ parked }) => parked?.origin)).toEqual(all);
    expect(second.nextPageToken).toBe('');
    expect((await list({ withoutBodies: true })).map(({ parked }) => [parked?.body.byteLength, parked?.bodyBytes])).toEqual([[0, 1], [0, expect.any(Number)], [0, 1]]);
    await expect(list({ pageToken: 'nonsense' })).rejects.toMatchObject({ code: 'REQUEST_INVALID' });
  });

  it('are kept whole, a long one beside the log, until it is discarded', async () => {
    const body = randomBytes(300 * 1024);
    await inbox.send({ body });
    const [listed] = await list();
    expect(listed?.parked).toMatchObject({ truncated: false, bodyBytes: body.byteLength });
    expect(await artifacts()).toHaveLength(1);
    const { letter } = await service.call('getDeadLetter', { letterId: listed!.parked!.letterId.slice(0, 10) });
    expect(Buffer.from(letter!.parked!.body).equals(body)).toBe(true);
    await service.call('discardDeadLetter', { letterId: listed!.parked!.letterId, actor: 'ada', reason: 'noise' });
    expect(await artifacts()).toEqual([]);
    expect(await service.call('getDeadLetter', { letterId: listed!.parked!.letterId })).toMatchObject({ letter: { status: 'discarded', parked: { bodyBytes: body.byteLength } } });
  });

  it('too long to be kept say where the rest is', async () => {
    await inbox.send({ body: randomBytes(1024 * 1024 + 1) });
    const [letter] = await list();
    expect(letter?.parked).toMatchObject({ truncated: true, bodyBytes: 1024 * 1024 + 1 });
    expect(await service.call('retryDeadLetter', { letterId: letter!.parked!.letterId })).toMatchObject({
      succeeded: false, reason: expect.stringMatching(/whole is on topic refit\.data-arrivals, partition 0, at offset 0, as long as the topic keeps it/),
    });
  });

  it('are retried with each pipeline’s verdict when their cause is gone', async () => {
    const uri = await service.dataFile('w05.csv', 5);
    const headers = { ce_specversion: '1.0', ce_id: 'w05', ce_source: '/exports', ce_type: 'refit.data.arrived.v1' };
    await inbox.send({ headers, body: JSON.stringify({ dataset: 'flights', name: 'w05', uri }) });
    await service.call('applyPipeline', { fileName: 'f.yaml', text: pipelineFile(), baseDirectory: service.directory, actor: 'ada' });
    const letterId = (await list())[0]!.parked!.letterId;
    expect(await service.call('retryDeadLetter', { letterId, actor: 'ada' })).toMatchObject({ succeeded: true, verdicts: [{ pipeline: 'flights-delay', judged: { reason: { id: 'w05', batch: { rows: 5 } } } }] });
    await expect(service.call('retryDeadLetter', { letterId, actor: 'ada' })).rejects.toMatchObject({ code: 'DEAD_LETTER_SETTLED' });
    expect(await list({ includeSettled: true })).toMatchObject([{ status: 'retried' }]);
  });

  it('are discarded all at once, those asked for and no others', async () => {
    for (let sent = 0; sent < 1200; sent += 400) await inbox.send(...Array.from({ length: 400 }, (_, i) => ({ body: `garbage ${sent + i}` })));
    await inbox.send({ body: arrival('b', '/x.csv') });
    expect(await service.call('discardDeadLetters', { code: 'CLOUD_EVENT_INVALID', actor: 'ada', reason: 'a broken client' })).toMatchObject({ discarded: 1200 });
    expect(await list()).toMatchObject([{ parked: { code: 'DATASET_NOT_FOUND' } }]);
    expect(await service.call('discardDeadLetters', { code: 'CLOUD_EVENT_INVALID' })).toMatchObject({ discarded: 0 });
    expect((await service.events(deadLetterStream)).filter((e) => e.$typeName === 'refit.trigger.v1.DeadLetterDiscarded')).toHaveLength(1200);
  });

  it('of two processes on one store are each kept once', async () => {
    const other = await TriggerService.start(service.directory, {}, (runtime) => ({ ...runtime, inbox }));
    await Promise.all(Array.from({ length: 20 }, (_, i) => fetch(`${(i % 2 === 0 ? service : other).url}/events`, { method: 'POST', body: 'x', headers: { 'content-type': 'text/plain' } })));
    await other.stop();
    expect(await list()).toHaveLength(20);
  });
});
