import { setTimeout as sleep } from 'node:timers/promises';
import {
  event, ModelAcceptedSchema, ReasonJudgedSchema, ReasonKind, RunReplacedSchema, RunStartedSchema, runStream, SkipCause, triggerStream, Verdict, type DomainEvent,
} from '@refit/contracts';
import { toNewEvents } from '@refit/saga';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { pipelineFile, TriggerService } from './testing/trigger-service.js';

let service: TriggerService;
beforeEach(async () => {
  service = await TriggerService.start();
});
afterEach(() => service.remove());

const apply = (text = pipelineFile()) => service.call('applyPipeline', { fileName: 'flights.yaml', text, baseDirectory: service.directory, actor: 'ada' });
const startRun = (requestId: string, pipeline = 'flights-delay') => service.call('startRun', { pipeline, actor: 'ada', requestId });
const announce = async (id: string, name = id, rows = 10) =>
  (await service.call('announceData', { batch: { dataset: 'flights', uri: await service.dataFile(`${name}.csv`, rows) }, source: '/exports', id })).verdicts;
const types = (events: readonly DomainEvent[]) => events.map((e) => e.$typeName.split('.').at(-1));
const eventually = <T>(check: () => Promise<T> | T) => vi.waitFor(check, { timeout: 5000, interval: 20 });

describe('a start', () => {
  beforeEach(() => apply());

  it('writes the trigger stream and then the run stream, with the spec that the pipeline has now', async () => {
    const { judged } = await startRun('r1');
    expect(judged).toMatchObject({ verdict: Verdict.STARTED, why: 'No run of the pipeline is open.', reason: { actor: 'ada', summary: 'started by ada' } });
    expect(judged?.runId).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7/);
    expect(types(await service.events(triggerStream('flights-delay')))).toEqual(['ReasonJudged', 'RunStarted']);
    expect(await service.events(runStream(judged!.runId))).toMatchObject([{ pipeline: 'flights-delay', specVersion: 1, reason: { id: 'r1' }, reasonIds: ['/refit/admin r1'], plan: [1, 2, 3, 4, 5, 6, 7] }]);
  });

  it('happens once for one request id', async () => {
    const { judged: first } = await startRun('r1');
    const { judged: again } = await startRun('r1');
    expect(again).toMatchObject({ verdict: Verdict.SKIPPED, skipCause: SkipCause.DUPLICATE, runId: first!.runId });
    expect(await service.started('flights-delay')).toHaveLength(1);
  });

  it('that was interrupted between the two streams is finished', async () => {
    const runId = '0190aaaa-0000-7000-8000-000000000000';
    const started = event(RunStartedSchema, { runId, specVersion: 1, specHash: 'x', reason: { source: '/admin', id: 'm' } });
    await service.stop();
    service = await TriggerService.start(service.directory, { scanIntervalMs: 3_600_000 });
    await service.store.append(triggerStream('flights-delay'), toNewEvents([started], {}), 'no-stream');
    service = await service.restart();
    await eventually(async () => expect(await service.events(runStream(runId))).toMatchObject([{ runId, pipeline: 'flights-delay' }]));
  });

  it('is the only one, however many ask at once', async () => {
    const verdicts = await Promise.all(Array.from({ length: 20 }, (_, i) => startRun(`r${i}`)));
    expect(verdicts.filter(({ judged }) => judged?.verdict === Verdict.STARTED)).toHaveLength(1);
    expect(verdicts.filter(({ judged }) => judged?.verdict === Verdict.QUEUED)).toHaveLength(19);
  });

  it('is the only one of two processes on one store', async () => {
    const other = await TriggerService.start(service.directory, { scanIntervalMs: 3_600_000 });
    const asks = Array.from({ length: 10 }, (_, i) => (i % 2 === 0 ? service : other).call('startRun', { pipeline: 'flights-delay', requestId: `r${i}` }));
    const verdicts = (await Promise.all(asks)).map(({ judged }) => judged?.verdict);
    await other.stop();
    expect(verdicts.filter((v) => v === Verdict.STARTED)).toHaveLength(1);
    expect(verdicts.filter((v) => v === Verdict.QUEUED)).toHaveLength(9);
  });
});

describe('a run that ended', () => {
  beforeEach(() => apply());

  it('is closed by the scan, without any message, and what waits starts', async () => {
    const { judged } = await startRun('r1');
    await startRun('r2');
    await service.ingest(judged!.runId);
    await service.complete(judged!.runId);
    await eventually(async () => expect(await service.started('flights-delay')).toMatchObject([{}, { reason: { id: 'r2' } }]));
    expect(await service.events(triggerStream('flights-delay'))).toMatchObject([{}, {}, {}, { runId: judged!.runId, outcome: 'registered', batchesTaken: true }, {}]);
  });

  it('is closed at once when the bus tells of its end', async () => {
    await service.stop();
    service = await TriggerService.start(service.directory, { scanIntervalMs: 3_600_000 });
    const { judged } = await startRun('r1');
    await startRun('r2');
    await service.complete(judged!.runId);
    for await (const recorded of service.store.readStream(runStream(judged!.runId))) await service.bus.publish([recorded]);
    await eventually(async () => expect(await service.started('flights-delay')).toHaveLength(2));
  });

  it('is closed at once when the bus tells another process of its end, which knew nothing of it', async () => {
    const unhurried = { scanIntervalMs: 60_000 };
    const other = await TriggerService.start(service.directory, unhurried, (runtime) => ({ ...runtime, instanceId: 'other', instanceName: 'trigger-2', soleInstance: false }));
    try {
      const { judged } = await startRun('r1');
      await service.stop();
      await other.complete(judged!.runId);
      const stream = runStream(judged!.runId);
      for await (const last of other.store.readStream(stream, { direction: 'backwards', limit: 1 })) await other.bus.publish([last]);
      await eventually(async () => expect(types(await other.events(triggerStream('flights-delay')))).toContain('RunClosed'));
    } finally {
      await other.stop();
      service = await TriggerService.start(service.directory);
    }
  });

  it('does not stand in the way of the next reason, noticed or not', async () => {
    await service.stop();
    service = await TriggerService.start(service.directory, { scanIntervalMs: 3_600_000 });
    const { judged } = await startRun('r1');
    await service.complete(judged!.runId);
    expect((await startRun('r2')).judged?.verdict).toBe(Verdict.STARTED);
  });

  it('before its data were ingested gives them to the next one', async () => {
    const [first] = await announce('w05');
    await service.fail(first!.judged!.runId);
    await eventually(async () => expect(types(await service.events(triggerStream('flights-delay')))).toContain('RunClosed'));
    await announce('w06');
    expect(await service.started('flights-delay')).toMatchObject([{ batches: [{ name: 'w05' }] }, { batches: [{ name: 'w05' }, { name: 'w06' }] }]);
  });
});

describe('an arrival of data', () => {
  it('gets a verdict from every pipeline on the dataset, with the rows counted', async () => {
    await apply();
    await apply(pipelineFile('flights-cancelled', ['triggers: {onData: {minimumRows: 100}}']));
    await apply(pipelineFile('rides').replace('dataset: flights', 'dataset: rides'));
    const verdicts = await announce('w05', 'w05', 40);
    expect(verdicts).toMatchObject([
      { pipeline: 'flights-cancelled', judged: { verdict: Verdict.SKIPPED, skipCause: SkipCause.TOO_FEW_ROWS, why: 'Too few rows: 40 of 100 new rows have arrived.' } },
      { pipeline: 'flights-delay', judged: { verdict: Verdict.STARTED, reason: { batch: { dataset: 'flights', name: 'w05', rows: 40 } } } },
    ]);
    const later = await announce('w06', 'w06', 60);
    expect(later).toMatchObject([{ judged: { verdict: Verdict.STARTED } }, { judged: { verdict: Verdict.QUEUED } }]);
    expect(await service.started('flights-cancelled')).toMatchObject([{ batches: [{ name: 'w05' }, { name: 'w06' }] }]);
  });

  it('starts when its debounce is over, together with those that came meanwhile', async () => {
    await service.stop();
    service = await TriggerService.start(service.directory, { scanIntervalMs: 3_600_000 }); // not found by a scan
    await apply(pipelineFile('flights-delay', ['triggers: {onData: {debounce: 1s}}']));
    expect(await announce('w05')).toMatchObject([{ judged: { verdict: Verdict.QUEUED } }]);
    expect(await announce('w06')).toMatchObject([{ judged: { verdict: Verdict.COALESCED } }]);
    expect(await service.started('flights-delay')).toEqual([]);
    await eventually(async () => expect(await service.started('flights-delay')).toMatchObject([{ reasonIds: ['/exports w05', '/exports w06'] }]));
  });

  it('is still told a duplicate when its file is gone', async () => {
    await apply();
    await announce('w05');
    const { verdicts } = await service.call('announceData', { batch: { dataset: 'flights', uri: '/gone.csv' }, source: '/exports', id: 'w05' });
    expect(verdicts).toMatchObject([{ judged: { skipCause: SkipCause.DUPLICATE } }]);
  });

  it.each([
    ['of a dataset that nobody reads', { dataset: 'rides', uri: 'x.csv' }, 'DATASET_NOT_FOUND', 'no pipeline reads the dataset "rides"; known: flights'],
    ['without an address', { dataset: 'flights' }, 'CLOUD_EVENT_INVALID', 'data.uri is missing'],
    ['outside the allowed folders', { dataset: 'flights', uri: '/etc/hostname' }, 'PATH_NOT_ALLOWED', 'is outside the folders that data may come from'],
  ])('%s is refused', async (_name, batch, code, message) => {
    await apply();
    await expect(service.call('announceData', { batch })).rejects.toMatchObject({ code, message: expect.stringContaining(message) });
    expect(await service.events(triggerStream('flights-delay'))).toEqual([]);
  });
});

describe('two processes', () => {
  /** Another process on the same store; neither of the two scans. */
  let other: TriggerService;
  beforeEach(async () => {
    await service.stop();
    service = await TriggerService.start(service.directory, { scanIntervalMs: 3_600_000 });
    await apply(pipelineFile('flights-delay', ['triggers: {concurrency: skip}']));
    other = await TriggerService.start(service.directory, { scanIntervalMs: 3_600_000 });
  });
  afterEach(() => other.stop());
  const ask = async (process: TriggerService, requestId: string) => (await process.call('startRun', { pipeline: 'flights-delay', requestId })).judged;

  it('skip for no run that has ended, whichever of them started it', async () => {
    for (const [i, process] of [service, other, service, service, other, other, service].entries()) {
      const judged = await ask(process, `r${i}`);
      expect(judged?.verdict, `the reason r${i}`).toBe(Verdict.STARTED);
      await service.complete(judged!.runId);
    }
  });

  it('skip for a run that is open, whichever of them started it', async () => {
    const first = await ask(service, 'r0');
    expect(await ask(other, 'r1')).toMatchObject({ skipCause: SkipCause.RUN_OPEN, why: expect.stringContaining(first!.runId) });
    await service.complete(first!.runId);
    const second = await ask(other, 'r2');
    expect(await ask(service, 'r3')).toMatchObject({ skipCause: SkipCause.RUN_OPEN, why: expect.stringContaining(second!.runId) });
  });

  it('start one run when both are asked at once, and answer every reason', async () => {
    const answers = await Promise.all(Array.from({ length: 20 }, (_, i) => ask(i % 2 === 0 ? service : other, `r${i}`)));
    expect(answers.filter((judged) => judged?.verdict === Verdict.STARTED)).toHaveLength(1);
    expect(answers.filter((judged) => judged?.skipCause === SkipCause.RUN_OPEN)).toHaveLength(19);
  });
});

describe('a failed run', () => {
  beforeEach(() => apply());

  it('is revived: its place first, then the run', async () => {
    const { judged } = await startRun('r1');
    const { runId } = judged!;
    await service.fail(runId);
    expect(await service.call('retryRun', { runId: runId.slice(0, 13), actor: 'ada', reason: 'fixed' })).toMatchObject({ runId });
    expect(types(await service.events(triggerStream('flights-delay')))).toEqual(['ReasonJudged', 'RunStarted', 'RunClosed', 'RunReopened']);
    expect(types(await service.events(runStream(runId)))).toEqual(['RunRequested', 'RunFailed', 'StepRetried']);
    await service.complete(runId);
    await eventually(async () => expect(types(await service.events(triggerStream('flights-delay'))).at(-1)).toBe('RunClosed'));
  });

  it('is not revived while another one is open, nor when it did not fail', async () => {
    const { judged } = await startRun('r1');
    await expect(service.call('retryRun', { runId: judged!.runId })).rejects.toMatchObject({ code: 'RUN_NOT_FAILED' });
    await service.fail(judged!.runId);
    await eventually(async () => expect(types(await service.events(triggerStream('flights-delay'))).at(-1)).toBe('RunClosed'));
    await startRun('r2');
    await expect(service.call('retryRun', { runId: judged!.runId })).rejects.toMatchObject({ code: 'RUN_NOT_RETRYABLE' });
  });
});

describe('a paused pipeline', () => {
  it('starts nothing, and what waited starts when it is resumed', async () => {
    await apply(pipelineFile('flights-delay', ['triggers: {onData: {debounce: 100ms}}']));
    await announce('w05');
    await service.call('pausePipeline', { name: 'flights-delay', actor: 'ada', reason: 'holidays' });
    expect((await startRun('r1')).judged).toMatchObject({ skipCause: SkipCause.PAUSED });
    await sleep(250);
    expect(await service.started('flights-delay')).toEqual([]);
    await service.call('resumePipeline', { name: 'flights-delay', actor: 'ada' });
    expect(await service.started('flights-delay')).toMatchObject([{ batches: [{ name: 'w05' }] }]);
  });
});

describe('a pipeline that replaces its runs', () => {
  const stream = triggerStream('flights-delay');
  beforeEach(() => apply(pipelineFile('flights-delay', ['triggers: {concurrency: replace}'])));

  it('cancels the open run for a new reason, says why, and starts the new one', async () => {
    const { judged: first } = await startRun('r1');
    const { judged: second } = await startRun('r2');
    expect(second).toMatchObject({ verdict: Verdict.QUEUED, why: `It takes the place of run ${first!.runId}, which is cancelled.` });
    expect(types(await service.events(stream))).toEqual(['ReasonJudged', 'RunStarted', 'ReasonJudged', 'RunReplaced', 'RunClosed', 'RunStarted']);
    expect((await service.events(runStream(first!.runId))).at(-1)).toMatchObject({ actor: 'ada', reason: 'A newer reason takes its place: started by ada.' });
    expect((await service.started('flights-delay')).at(-1)).toMatchObject({ reason: { id: 'r2' } });
  });

  it('keeps the data of the cancelled run', async () => {
    await announce('w05');
    await announce('w06');
    expect(await service.started('flights-delay')).toMatchObject([{ batches: [{ name: 'w05' }] }, { batches: [{ name: 'w06' }, { name: 'w05' }] }]);
  });

  it('lets a run alone that is being registered, and starts behind it', async () => {
    const { judged: first } = await startRun('r1');
    const { runId } = first!;
    await service.append(runId, [event(ModelAcceptedSchema, {})]);
    await startRun('r2');
    await startRun('r3');
    expect(types(await service.events(runStream(runId)))).toEqual(['RunRequested', 'ModelAccepted']);
    await service.complete(runId);
    await eventually(async () => expect((await service.started('flights-delay'))[1]).toMatchObject({ reasonIds: ['/refit/admin r2', '/refit/admin r3'] }));
  });

  it('finishes what a process left undone that died between the two streams', async () => {
    const { judged: first } = await startRun('r1');
    await service.stop();
    service = await TriggerService.start(service.directory, { scanIntervalMs: 3_600_000 });
    const replaced = [
      event(ReasonJudgedSchema, { reason: { kind: ReasonKind.MANUAL, source: '/admin', id: 'm2' }, verdict: Verdict.QUEUED, why: 'It takes its place.' }),
      event(RunReplacedSchema, { runId: first!.runId, reasonId: '/admin m2', actor: 'ada', why: 'A newer reason takes its place.' }),
    ];
    await service.store.append(stream, toNewEvents(replaced, {}), 1);
    service = await service.restart();
    await eventually(async () => expect((await service.started('flights-delay')).at(-1)).toMatchObject({ reason: { id: 'm2' } }));
    expect((await service.events(runStream(first!.runId))).at(-1)).toMatchObject({ reason: 'A newer reason takes its place.' });
  });

  it('and what another process began that has not died', async () => {
    const { judged: first } = await startRun('r1');
    await eventually(async () => expect(await service.started('flights-delay')).toHaveLength(1));
    // Not by this process, whose view of the stream is older.
    await service.store.append(stream, toNewEvents([
      event(ReasonJudgedSchema, { reason: { kind: ReasonKind.MANUAL, source: '/admin', id: 'm2' }, verdict: Verdict.QUEUED, why: 'It takes its place.' }),
      event(RunReplacedSchema, { runId: first!.runId, reasonId: '/admin m2', actor: 'ada', why: 'A newer reason takes its place.' }),
    ], {}), 1);
    await eventually(async () => expect((await service.started('flights-delay')).at(-1)).toMatchObject({ reason: { id: 'm2' } }));
  });

  it('has one open run at a time, also when two processes are asked at once', async () => {
    const other = await TriggerService.start(service.directory);
    await Promise.all(Array.from({ length: 12 }, (_, i) => (i % 2 === 0 ? service : other).call('startRun', { pipeline: 'flights-delay', requestId: `r${i}` })));
    await other.stop();
    await eventually(async () => {
      const answered = (await service.started('flights-delay')).flatMap(({ reasonIds }) => reasonIds);
      expect(new Set(answered).size).toBe(12);
      expect(answered).toHaveLength(12);
    });
    const open = new Set<string>();
    for (const e of await service.events(stream)) {
      if (e.$typeName === 'refit.trigger.v1.RunStarted') open.add(e.runId);
      if (e.$typeName === 'refit.trigger.v1.RunClosed') open.delete(e.runId);
      expect(open.size).toBeLessThanOrEqual(1);
    }
  });
});

describe('after a restart', () => {
  it('everything is as it was', async () => {
    await apply();
    const { judged } = await startRun('r1');
    await startRun('r2');
    service = await service.restart();
    expect((await startRun('r1')).judged).toMatchObject({ skipCause: SkipCause.DUPLICATE, runId: judged!.runId });
    await service.complete(judged!.runId);
    await eventually(async () => expect(await service.started('flights-delay')).toHaveLength(2));
  });
});

describe('a schedule', () => {
  it('gives one reason for an occurrence, over restarts and in two processes', async () => {
    await apply(pipelineFile('flights-delay', ['triggers: {schedule: "* * * * * *"}']));
    const other = await TriggerService.start(service.directory);
    await eventually(async () => expect((await service.events(triggerStream('flights-delay'))).length).toBeGreaterThan(3));
    await other.stop();
    service = await service.restart();
    const reasons = (await service.events(triggerStream('flights-delay'))).flatMap((e) => (e.$typeName === 'refit.trigger.v1.ReasonJudged' && e.skipCause !== SkipCause.DUPLICATE ? [e.reason?.id] : []));
    expect(reasons[0]).toMatch(/^cron:flights-delay:\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.000Z$/);
    expect(new Set(reasons).size).toBe(reasons.length);
    expect(await service.started('flights-delay')).toHaveLength(1);
  });
});
