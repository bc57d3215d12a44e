import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import { BatchIngestedSchema, datasetStream, event, runStream, triggerStream, Verdict } from '@refit/contracts';
import { toNewEvents } from '@refit/saga';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { pipelineFile, TriggerService } from '../testing/trigger-service.js';

const day = 86_400_000;
const at = (text: string) => Date.parse(text);
const time = (text: string) => timestampFromMs(at(text));
const eventually = <T>(check: () => Promise<T> | T) => vi.waitFor(check, { timeout: 5000, interval: 20 });

let service: TriggerService;
beforeEach(async () => {
  service = await TriggerService.start();
  await apply();
  // Three weeks of January 2001, of 700 rows each.
  const weeks = [0, 1, 2].map((week) => event(BatchIngestedSchema, {
    batch: { dataset: 'flights', name: `week-${week + 1}` }, version: 1, snapshot: { hash: `h${week}`, rows: 700 }, sourceHash: `s${week}`,
    timeFrom: at('2001-01-01') + week * 7 * day, timeUntil: at('2001-01-01') + (week + 1) * 7 * day - 1,
  }));
  await service.store.append(datasetStream('flights'), toNewEvents(weeks, {}), 'no-stream');
});
afterEach(() => service.remove());

const apply = (more: readonly string[] = [], source = '{ timeColumn: date, window: 14d }') =>
  service.call('applyPipeline', { fileName: 'f.yaml', text: pipelineFile('flights-delay', [`source: ${source}`, ...more]), baseDirectory: service.directory, actor: 'ada' });
const range = (over: object = {}) => ({ pipeline: 'flights-delay', from: time('2000-12-11'), until: time('2001-01-24'), everyMs: 7 * day, ...over });
const start = async (requestId: string, over: object = {}) => (await service.call('startBackfill', { range: range(over), actor: 'ada', requestId })).backfill!;
const get = async (backfillId: string) => (await service.call('getBackfill', { backfillId })).backfill!;
const statuses = async (id: string) => (await get(id)).spans.map(({ status }) => status);
const openRun = async () => (await service.started('flights-delay')).at(-1)!;
/** Ends the open run, and those that follow, until there is no more. */
const runAll = async (count: number) => {
  for (let i = 1; i <= count; i++) {
    const { runId } = await eventually(async () => {
      expect(await service.started('flights-delay')).toHaveLength(i);
      return openRun();
    });
    await service.complete(runId);
  }
};

describe('a plan', () => {
  it('shows each span, what there is to train on, and starts nothing', async () => {
    const { step, spans, remarks } = await service.call('planBackfill', { range: range() });
    expect(step).toBe('7d');
    expect(spans.map(({ starts, batches, rows, rowsExact, why }) => [starts, batches, rows, rowsExact, why])).toEqual([
      [false, 0, 0, true, 'The dataset has no rows for its window.'],
      [false, 0, 0, true, 'The dataset has no rows for its window.'],
      [false, 0, 0, true, 'The dataset has no rows for its window.'],
      [true, 1, 700, true, 'It waits for its turn in the backfill.'],
      [true, 2, 1400, true, 'It waits for its turn in the backfill.'],
      [true, 2, 1400, true, 'It waits for its turn in the backfill.'],
    ]);
    expect(remarks).toEqual(['What follows on 2001-01-22T00:00:00.000Z is no whole span and is left out.']);
    expect(await service.events(triggerStream('flights-delay'))).toEqual([]);
  });

  it('says what it cannot see', async () => {
    await service.dataFile('week-4.csv', 3);
    await apply([], '{ path: data/*.csv, timeColumn: date, window: 14d }');
    await service.call('pausePipeline', { name: 'flights-delay', actor: 'ada', reason: 'holidays' });
    await service.call('announceData', { batch: { dataset: 'flights', uri: await service.dataFile('week-5.csv', 3) } });
    const { spans, remarks } = await service.call('planBackfill', { range: range({ until: time('2000-12-18') }) });
    expect(spans).toMatchObject([{ starts: true, rows: 0 }]);
    expect(remarks).toEqual([
      expect.stringMatching(/^Files that no run has taken in yet \(2\)/), expect.stringMatching(/^Batches that were announced \(1\) wait for a run/), 'The pipeline is paused: nothing starts until it is resumed.',
    ]);
  });

  it('takes spans from the schedules, or as long as the window', async () => {
    await apply(['triggers: { schedule: { cron: "0 6 * * MON", timeZone: Europe/Berlin } }']);
    const bySchedule = await service.call('planBackfill', { range: range({ everyMs: 0, bySchedule: true, from: time('2001-01-01') }) });
    expect([bySchedule.step, bySchedule.spans.map(({ until }) => until)]).toEqual(['0 6 * * MON Europe/Berlin', ['2001-01-01T05:00Z', '2001-01-08T05:00Z', '2001-01-15T05:00Z', '2001-01-22T05:00Z'].map((text) => expect.objectContaining({ seconds: time(text).seconds }))]);
    expect((await service.call('planBackfill', { range: range({ everyMs: 0 }) })).step).toBe('14d');
  });

  it.each<[string, object, string]>([
    ['without a range', { from: undefined }, 'a backfill needs the beginning and the end of its range'],
    ['backwards', { until: time('2000-01-01') }, 'from is not before until'],
    ['of the future', { until: time('2999-01-01') }, 'its range ends in the future'],
    ['of nobody', { pipeline: 'flights-dela' }, 'Did you mean "flights-delay"?'],
    ['by schedules that are not there', { everyMs: 0, bySchedule: true }, 'has no schedule'],
    ['by two steps', { bySchedule: true }, 'the request asks for both'],
    ['too fine', { everyMs: 60_000 }, 'at most 200'],
    ['finer than that', { everyMs: 1 }, 'spans of less than a second are none'],
  ])('%s is refused', async (_name, over, message) => {
    await expect(service.call('planBackfill', { range: range(over) })).rejects.toThrow(message);
  });

  it('is refused where nobody knows what there was when', async () => {
    await apply([], '{ window: 4 batches }');
    await expect(service.call('planBackfill', { range: range() })).rejects.toMatchObject({ code: 'TIME_COLUMN_UNUSABLE' });
    await apply([], '{ timeColumn: date, window: 4 batches }');
    await expect(service.call('planBackfill', { range: range({ everyMs: 0 }) })).rejects.toThrow('say how long a span is');
  });
});

describe('a backfill', () => {
  it('runs span by span, without promotion and each with the end of its window, and says how it stands', async () => {
    expect((await start('b1')).spans.map(({ status }) => status)).toEqual(['skipped', 'skipped', 'skipped', 'running', 'waiting', 'waiting']);
    const { runId } = await openRun();
    expect(await service.events(runStream(runId))).toMatchObject([{ windowEnd: time('2001-01-08'), withoutPromotion: true, batches: [], reason: { kind: 5, actor: 'ada', summary: 'backfill of 2001-01-01 to 2001-01-08' } }]);
    expect(await get('b1')).toMatchObject({ status: 'open', waiting: 2, running: 1, ended: 0, skipped: 3, requested: { step: '7d', actor: 'ada', spans: 6 } });
    await runAll(3);
    await eventually(async () => expect(await get('b1')).toMatchObject({ status: 'done', waiting: 0, running: 0, ended: 3 }));
    expect((await get('b1')).spans.slice(3).map(({ outcome }) => outcome)).toEqual(['registered', 'registered', 'registered']);
  });

  it('starts nothing twice: not for the same request, not for the same spans, not in two processes at once', async () => {
    const other = await TriggerService.start(service.directory);
    await Promise.all([service, other, service, other].map((process, i) => process.call('startBackfill', { range: range(), requestId: `b${i % 3}` })));
    await runAll(3);
    await eventually(async () => expect((await service.call('listBackfills', {})).backfills.map(({ status }) => status)).toEqual(['done', 'done', 'done']));
    expect((await start('b0')).status).toBe('done');
    expect(await service.started('flights-delay')).toHaveLength(3);
    const judged = (await service.events(triggerStream('flights-delay'))).flatMap((e) => (e.$typeName === 'refit.trigger.v1.ReasonJudged' ? [e] : []));
    expect(judged).toHaveLength(18);
    expect(judged.filter(({ verdict }) => verdict === Verdict.QUEUED)).toHaveLength(3);
    await other.stop();
  });

  it('lets the runs of the day go first', async () => {
    await start('b1');
    await service.call('startRun', { pipeline: 'flights-delay', requestId: 'r1' });
    await service.complete((await openRun()).runId);
    await eventually(async () => expect((await service.started('flights-delay')).map(({ reason }) => reason?.id)).toEqual([expect.stringContaining('2001-01-08'), 'r1']));
  });

  it('goes on after a restart', async () => {
    await start('b1');
    service = await service.restart();
    await runAll(2);
    service = await service.restart();
    await eventually(async () => expect((await statuses('b1')).slice(3)).toEqual(['ended', 'ended', 'running']));
  });

  it('is cancelled as a whole, its open run too, and may be asked for again', async () => {
    await start('b1');
    const { runId } = await openRun();
    expect((await service.call('cancelBackfill', { backfillId: 'b', actor: 'ada', reason: 'too slow' })).backfill).toMatchObject({ status: 'cancelled', givenUp: 2, ended: 1 });
    expect((await service.events(runStream(runId))).at(-1)).toMatchObject({ actor: 'ada', reason: 'too slow' });
    await expect(service.call('cancelBackfill', { backfillId: 'c' })).rejects.toMatchObject({ code: 'BACKFILL_NOT_FOUND' });
    await start('again');
    expect((await statuses('again')).slice(3)).toEqual(['running', 'waiting', 'waiting']);
  });

  it('waits while the pipeline is paused', async () => {
    await service.call('pausePipeline', { name: 'flights-delay', actor: 'ada', reason: 'holidays' });
    await start('b1');
    expect(await service.started('flights-delay')).toEqual([]);
    await service.call('resumePipeline', { name: 'flights-delay', actor: 'ada' });
    expect(await service.started('flights-delay')).toHaveLength(1);
  });

  it('is listed, the newest first and page by page', async () => {
    for (const id of ['b1', 'b2', 'b3']) await start(id);
    const first = await service.call('listBackfills', { pipeline: 'flights-delay', pageSize: 2 });
    const second = await service.call('listBackfills', { pipeline: 'flights-delay', pageSize: 2, pageToken: first.nextPageToken });
    expect([...first.backfills, ...second.backfills].map(({ requested, spans }) => [requested?.backfillId, spans.length])).toEqual([['b3', 0], ['b2', 0], ['b1', 0]]);
    expect(second.nextPageToken).toBe('');
    await expect(service.call('getBackfill', { backfillId: 'b' })).rejects.toThrow('several backfills begin with b');
  });
});
