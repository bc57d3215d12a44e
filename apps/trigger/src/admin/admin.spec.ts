import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import {
  AlertRaisedSchema, DecaySeverity, event, pipelineStream, ReasonKind, runStream, FailureKind, SkipCause, Step, StepClaimedSchema, StepFailedSchema, Verdict,
} from '@refit/contracts';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { pipelineFile, TriggerService } from '../testing/trigger-service.js';

let service: TriggerService;
beforeEach(async () => {
  service = await TriggerService.start();
});
afterEach(() => service.remove());

const apply = (text = pipelineFile()) => service.call('applyPipeline', { fileName: 'flights.yaml', text, baseDirectory: service.directory, actor: 'ada' });
const start = async (requestId: string, pipeline = 'flights-delay') => (await service.call('startRun', { pipeline, requestId, actor: 'ada' })).judged!.runId;
async function all<T>(stream: AsyncIterable<T>): Promise<readonly T[]> {
  const found: T[] = [];
  for await (const item of stream) found.push(item);
  return found;
}
const claim = (runId: string) => service.append(runId, [event(StepClaimedSchema, { step: Step.INGEST, attempt: 1, leaseId: 'l1', instanceId: 'i1' })]);
const closed = (runId: string) => vi.waitFor(async () => expect(await service.events('trigger-flights-delay')).toContainEqual(expect.objectContaining({ runId, outcome: expect.any(String) })), 5000);

describe('pipelines', () => {
  it('are applied, and a new version comes only with a change', async () => {
    expect(await apply()).toMatchObject({ spec: { name: 'flights-delay', dataset: 'flights' }, version: 1, unchanged: false });
    expect(await apply(`${pipelineFile()}\n# a comment`)).toMatchObject({ version: 1, unchanged: true });
    expect(await apply(pipelineFile('flights-delay', ['triggers: {coolDown: 1h}']))).toMatchObject({ version: 2, unchanged: false });
    expect(await service.call('getPipeline', { name: 'flights-delay' })).toMatchObject({ pipeline: { version: 2, paused: false, specHash: expect.stringMatching(/^[0-9a-f]{64}$/) } });
    expect(await service.events(pipelineStream('flights-delay'))).toMatchObject([{ actor: 'ada', sourceText: pipelineFile() }, { version: 2 }]);
  });

  it.each([
    ['a file that is wrong', 'version: refit/v1\nname: x\nlabel: [', 'PIPELINE_FILE_INVALID', 'flights.yaml has'],
    ['a file that is too large', `${pipelineFile()}\n${'# …\n'.repeat(8000)}`, 'PIPELINE_FILE_INVALID', 'a pipeline file has at most 24576'],
    ['data outside the allowed folders', `${pipelineFile()}\nsource: /etc/*.csv`, 'PATH_NOT_ALLOWED', '/etc is outside the folders'],
  ])('are refused with %s', async (_name, text, code, message) => {
    await expect(apply(text)).rejects.toMatchObject({ code, message: expect.stringContaining(message) });
    expect((await service.call('listPipelines', {})).pipelines).toEqual([]);
  });

  it('say where their file is wrong', async () => {
    await expect(apply(pipelineFile('x', ['lable: y']))).rejects.toMatchObject({ details: [{ file: 'flights.yaml', line: 6, column: 1 }] });
  });

  it('are listed newest first, page by page, also after a restart', async () => {
    for (const name of ['a-one', 'b-two', 'c-three']) await apply(pipelineFile(name));
    service = await service.restart();
    const first = await service.call('listPipelines', { pageSize: 2 });
    const second = await service.call('listPipelines', { pageSize: 2, pageToken: first.nextPageToken });
    expect([...first.pipelines, ...second.pipelines].map((p) => p.spec?.name)).toEqual(['c-three', 'b-two', 'a-one']);
    expect(second.nextPageToken).toBe('');
    await expect(service.call('listPipelines', { pageToken: 'x' })).rejects.toMatchObject({ code: 'REQUEST_INVALID' });
  });

  it('are listed by a pattern of names, and by whether they are paused, by whom and why', async () => {
    for (const name of ['a-one', 'a-two', 'b-one']) await apply(pipelineFile(name));
    await service.call('pausePipeline', { name: 'a-two', actor: 'ada', reason: 'the export is broken' });
    const list = async (request: Parameters<typeof service.call<'listPipelines'>>[1]) => (await service.call('listPipelines', request)).pipelines;
    const names = async (request: Parameters<typeof list>[0]) => (await list(request)).map((p) => p.spec?.name ?? '').sort();
    expect(await names({ namePattern: 'a-*' })).toEqual(['a-one', 'a-two']);
    expect(await names({ paused: false })).toEqual(['a-one', 'b-one']);
    expect(await list({ paused: true })).toMatchObject([{ spec: { name: 'a-two' }, pause: { actor: 'ada', reason: 'the export is broken', pausedAt: {} } }]);
    await expect(list({ namePattern: '[a]' })).rejects.toMatchObject({ code: 'REQUEST_INVALID' });
    service = await service.restart();
    expect(await list({ paused: true })).toMatchObject([{ pause: { actor: 'ada', reason: 'the export is broken' } }]);
  });

  it('say when they are resumed what was skipped meanwhile and no run has taken', async () => {
    await apply();
    const [name, uri] = ['flights-delay', await service.dataFile('w1.csv', 3)];
    const announce = (id: string, batch: string) => service.call('announceData', { batch: { dataset: 'flights', name: batch, uri }, source: '/lake', id });
    await service.call('pausePipeline', { name });
    for (const [id, batch] of [['1', 'w1'], ['2', 'w1'], ['3', 'w2']] as const) await announce(id, batch);
    await service.call('reportDecay', { pipeline: name, severity: DecaySeverity.HIGH, source: '/monitor', id: 'd1' });
    expect(await service.call('resumePipeline', { name })).toMatchObject({ skippedReasons: 4, skippedBatches: 2, skippedRows: 6 });
    expect(await service.call('resumePipeline', { name }), 'it was not paused').toMatchObject({ skippedReasons: 0 });
    await service.call('pausePipeline', { name });
    expect(await service.call('resumePipeline', { name }), 'an earlier pause').toMatchObject({ skippedReasons: 0 });
    const runId = await start('r1');
    const { reasons } = await service.call('listReasons', {});
    expect(reasons.map((r) => [r.judged?.reason?.id, r.runId])).toEqual([['r1', runId], ['d1', ''], ['3', runId], ['2', runId], ['1', runId]]);
  });

  it('that there are not', async () => {
    for (const refused of [service.call('getPipeline', { name: 'x' }), service.call('startRun', { pipeline: 'x' }), service.call('pausePipeline', { name: 'x' }),
      service.call('reportDecay', { pipeline: 'x', severity: DecaySeverity.HIGH }), service.call('listReasons', { pipeline: 'x' })]) {
      await expect(refused).rejects.toMatchObject({ code: 'PIPELINE_NOT_FOUND', status: 5 });
    }
  });
});

describe('runs', () => {
  beforeEach(() => apply());

  it('are listed newest first, filtered and page by page', async () => {
    const [first, second] = [await start('r1'), await start('r2')];
    expect(second).toBe('');
    await service.complete(first);
    await closed(first);
    const open = await vi.waitFor(async () => {
      const { runs } = await service.call('listRuns', { status: 'open' });
      expect(runs).toHaveLength(1);
      return runs[0];
    }, 5000);
    expect(open).toMatchObject({ pipeline: 'flights-delay', status: 'open', currentStep: Step.INGEST, attempt: 1, reason: { id: 'r2' } });
    expect((await service.call('listRuns', { outcome: 'registered' })).runs).toMatchObject([{ runId: first, status: 'completed', summary: 'registered delays v1' }]);
    const page = await service.call('listRuns', { pageSize: 1 });
    expect((await service.call('listRuns', { pageSize: 1, pageToken: page.nextPageToken })).runs).toMatchObject([{ runId: first }]);
  });

  it('are named by their id or a unique beginning of it', async () => {
    const runId = await start('r1');
    await claim(runId);
    await service.store.putRecord(`progress-${runId}`, { step: 'ingest', fraction: 0.4, message: 'reading' });
    for (const name of [runId, runId.slice(0, 20), runId.toUpperCase()]) {
      expect(await service.call('getRun', { runId: name })).toMatchObject({
        run: { runId, status: 'open', instanceId: 'i1' }, events: [{ type: 'refit.run.v1.RunRequested', revision: 0 }, { type: 'refit.run.v1.StepClaimed' }], progress: { fraction: 0.4 },
      });
    }
    await expect(service.call('getRun', { runId: 'ffff' })).rejects.toMatchObject({ code: 'RUN_NOT_FOUND' });
    await expect(service.call('getRun', { runId: 'run; --' })).rejects.toMatchObject({ code: 'REQUEST_INVALID' });
    await service.complete(runId);
    await start('r2');
    await expect(service.call('getRun', { runId: runId.slice(0, 3) })).rejects.toMatchObject({ code: 'REQUEST_INVALID', message: expect.stringContaining('several runs begin with') });
  });

  it('are cancelled, and the next one starts at once', async () => {
    const runId = await start('r1');
    await start('r2');
    expect(await service.call('cancelRun', { runId, actor: 'ada', reason: 'wrong data' })).toMatchObject({ runId });
    expect(await service.started('flights-delay')).toHaveLength(2);
    expect(await service.call('getRun', { runId })).toMatchObject({ run: { status: 'cancelled', summary: 'wrong data' } });
    await expect(service.call('cancelRun', { runId })).rejects.toMatchObject({ code: 'RUN_NOT_OPEN', status: 9 });
  });

  it('are watched one by one: as it stands, every change, its progress, until it ends', async () => {
    const runId = await start('r1');
    await service.store.putRecord(`progress-${runId}`, { step: 'ingest', fraction: 0.4 });
    const seen: unknown[] = [];
    for await (const { run, event: e, progress } of service.stream('watchRuns', { runId: runId.slice(0, 23) })) {
      seen.push(progress ? { progress } : { [run!.status]: e?.type.split('.').at(-1) });
      if (seen.length === 1) await claim(runId);
      if (progress) await service.complete(runId);
    }
    expect(seen).toEqual([{ open: 'RunRequested' }, { open: 'StepClaimed' }, { progress: { step: 'ingest', fraction: 0.4 } }, { completed: 'RunCompleted' }]);
    expect(await all(service.stream('watchRuns', { runId }))).toMatchObject([{ run: { status: 'completed' } }]);
  });

  it('are watched by pipeline, until the client goes away', async () => {
    await apply(pipelineFile('other').replace('dataset: flights', 'dataset: rides'));
    const runId = await start('r1');
    const stream = service.stream('watchRuns', { pipeline: 'other' });
    const changes = stream[Symbol.asyncIterator]();
    const first = changes.next();
    const otherRun = await vi.waitFor(async () => {
      const started = await start(`o${Date.now()}`, 'other');
      await service.call('cancelRun', { runId: started || (await service.call('listRuns', { pipeline: 'other', status: 'open' })).runs[0]!.runId });
      return Promise.race([first, new Promise<never>((_ok, no) => setTimeout(() => no(new Error('nothing seen yet')), 200))]);
    }, 10_000);
    expect(otherRun.value).toMatchObject({ run: { pipeline: 'other' } });
    stream.on('error', () => {}); // cancelled below
    stream.cancel();
    await claim(runId);
  });

  it('are replayed, and the read model says the same', async () => {
    const failed = await start('r1');
    await claim(failed);
    await service.append(failed, [event(StepFailedSchema, { step: Step.INGEST, attempt: 1, kind: FailureKind.RETRYABLE, code: 'DISK_FULL', message: 'no space' })]);
    await service.fail(failed);
    await closed(failed);
    const completed = await start('r2');
    await service.ingest(completed);
    await service.complete(completed);
    await closed(completed);
    const open = await start('r3');
    await claim(open);
    for (const runId of [failed, completed, open]) {
      const replay = await service.call('replayRun', { runId });
      expect(replay).toMatchObject({ runId, equal: true, differences: [] });
      expect(replay.replayedDigest).toBe(replay.liveDigest);
    }
    await service.call('retryRun', { runId: failed }).catch(() => {}); // refused: another one is open
  });

  it('raise alerts, which are listed newest first', async () => {
    const runId = await start('r1');
    await service.append(runId, [event(AlertRaisedSchema, { kind: 'schema', title: 'a column is missing' }), event(AlertRaisedSchema, { kind: 'distribution', title: 'delay drifted' })]);
    expect((await service.call('listAlerts', {})).alerts).toMatchObject([{ runId, pipeline: 'flights-delay', alert: { kind: 'distribution' } }, { alert: { kind: 'schema' } }]);
    expect((await service.call('listAlerts', { kind: 'schema', pipeline: 'flights-delay' })).alerts).toHaveLength(1);
  });
});

describe('reasons', () => {
  it('are listed newest first with their verdicts, of one pipeline or all, page by page', async () => {
    await apply();
    await apply(pipelineFile('flights-del', ['triggers: {concurrency: skip}']));
    for (const id of ['r1', 'r2', 'r3']) await start(id);
    await start('x1', 'flights-del');
    await service.call('reportDecay', { pipeline: 'flights-del', severity: DecaySeverity.HIGH, source: '/monitor', id: 'd1' });
    const list = async (request: Parameters<typeof service.call<'listReasons'>>[1]) => (await service.call('listReasons', request)).reasons.map((r) => r.judged?.reason?.id);
    expect(await list({})).toEqual(['d1', 'x1', 'r3', 'r2', 'r1']);
    expect(await list({ pipeline: 'flights-del' })).toEqual(['d1', 'x1']);
    expect(await list({ verdict: Verdict.QUEUED })).toEqual(['r3', 'r2']);
    const page = await service.call('listReasons', { pageSize: 2 });
    expect(await list({ pageSize: 2, pageToken: page.nextPageToken })).toEqual(['r3', 'r2']);
    await expect(service.call('listReasons', { pageToken: '!' })).rejects.toMatchObject({ code: 'REQUEST_INVALID' });
    expect(await list({ kind: ReasonKind.DECAY })).toEqual(['d1']);
    expect(await list({ skipCause: SkipCause.RUN_OPEN })).toEqual(['d1']);
    expect(await list({ since: timestampFromMs(Date.now() + 60_000) })).toEqual([]);
    await expect(list({ since: timestampFromMs(5), until: timestampFromMs(5) })).rejects.toMatchObject({ code: 'REQUEST_INVALID', message: expect.stringContaining('since is not before until') });
  });
});

describe('the log', () => {
  const read = async (request: Parameters<typeof service.stream<'readEvents'>>[1]) => {
    const events = [];
    for await (const { event: e, caughtUp } of service.stream('readEvents', request)) events.push(caughtUp ? 'caught up' : `${e!.stream.split('-')[0]} ${e!.type.split('.').at(-1)}`);
    return events;
  };

  it('is read whole, by stream, by prefix, by type, from a place on, up to a limit', async () => {
    await apply();
    const runId = await start('r1');
    const whole = ['pipeline PipelineApplied', 'trigger ReasonJudged', 'trigger RunStarted', 'run RunRequested'];
    expect(await read({})).toEqual(whole);
    expect(await read({ limit: 2 })).toEqual(whole.slice(0, 2));
    expect(await read({ stream: 'tr*' })).toEqual(whole.slice(1, 3));
    expect(await read({ stream: runStream(runId) })).toEqual(whole.slice(3));
    expect(await read({ stream: 'trigger-flights-delay', from: '1' })).toEqual(whole.slice(2, 3));
    expect(await read({ types: ['RunStarted', 'refit.run.v1.RunRequested'] })).toEqual(whole.slice(2));
    const [second] = (await all(service.stream('readEvents', { limit: 2 }))).slice(1);
    expect(await read({ from: second!.event!.position })).toEqual(whole.slice(2));
    await expect(read({ types: ['RunStartd'] })).rejects.toThrow('there is no event type "RunStartd"; known: RunRequested');
    await expect(read({ from: 'yesterday' })).rejects.toThrow('from is "yesterday"');
  });

  it('is read from its end, up to a place, and by time', async () => {
    await apply();
    await start('r1');
    const whole = ['pipeline PipelineApplied', 'trigger ReasonJudged', 'trigger RunStarted', 'run RunRequested'];
    expect(await read({ last: true, limit: 2 })).toEqual(whole.slice(2));
    expect(await read({ last: true, types: ['ReasonJudged'] })).toEqual(whole.slice(1, 2));
    expect(await read({ stream: 'trigger-flights-delay', last: true, limit: 1 })).toEqual(whole.slice(2, 3));
    expect(await read({ stream: 'trigger-flights-delay', before: '1' })).toEqual(whole.slice(1, 2));
    expect(await read({ stream: 'trigger-flights-delay', last: true, before: '1' })).toEqual(whole.slice(1, 2));
    expect(await read({ stream: 'trigger-flights-delay', last: true, before: '0' })).toEqual([]);
    const positions = (await all(service.stream('readEvents', {}))).map(({ event: e }) => e!.position);
    expect(await read({ before: positions[2]! })).toEqual(whole.slice(0, 2));
    expect(await read({ before: positions[3]!, from: positions[0]!, last: true, limit: 9 })).toEqual(whole.slice(1, 3));
    expect(await read({ since: timestampFromMs(Date.now() - 60_000), until: timestampFromMs(Date.now() + 60_000) })).toEqual(whole);
    expect(await read({ until: timestampFromMs(Date.now() - 60_000) })).toEqual([]);
    await expect(read({ last: true, follow: true })).rejects.toThrow('last and follow do not go together');
  });

  it('is read by the beginning of a run\'s id', async () => {
    await apply();
    const runId = await start('r1');
    expect(await read({ stream: runStream(runId.slice(0, 13)) })).toEqual(['run RunRequested']);
    await expect(read({ stream: 'run-ffff' })).rejects.toMatchObject({ details: expect.stringContaining('there is no run ffff') });
  });

  it.each([['whole', ''], ['by stream', 'trigger-flights-delay']])('is followed, %s', async (_name, stream) => {
    await apply();
    const seen: string[] = [];
    const events = service.stream('readEvents', { stream, types: ['ReasonJudged'], follow: true, limit: 2 });
    for await (const { event: e, caughtUp } of events) {
      if (caughtUp) await start(`r${seen.length}`);
      else seen.push(String((e?.data?.['reason'] as { id?: string } | undefined)?.id)); // the JSON of a ReasonJudged
      if (seen.length === 1 && !caughtUp) await start('last');
    }
    expect(seen).toEqual(['r0', 'last']);
  });
});
