import { timestampMs } from '@bufbuild/protobuf/wkt';
import { ConcurrencyPolicy, RefitError, SkipCause, Verdict, type Reason, type TriggerEvent } from '@refit/contracts';
import { describe, expect, it } from 'vitest';
import { closeRun, reopenRun } from '../close-run.js';
import { judgeReason } from '../judge-reason.js';
import { runRequestedFrom } from '../request-run.js';
import { Occurrences } from '../schedules/occurrences.js';
import { startDue } from '../start-run.js';
import { arrival, fold, given, judgedIn, manual, pipelineWith, schedule, startedIn } from '../testing/given.js';
import type { PipelineNow, TriggerView } from '../trigger-state.js';
import { backfillStatus } from './backfill-state.js';
import { cancelBackfill, startBackfill } from './decide-backfill.js';
import { spansBetween, spansOfLength } from './spans-of.js';

const day = 86_400_000;
const first = Date.parse('2001-01-01');
const spans = (count: number, hasData = true) => Array.from({ length: count }, (_, i) => ({ from: first + i * 7 * day, until: first + (i + 1) * 7 * day, hasData }));
const ask = (backfillId: string, over: Partial<Parameters<typeof startBackfill>[0]> = {}) =>
  startBackfill({ ...pipelineWith(), backfillId, spans: spans(3), promote: false, actor: 'ada', now: 0, step: '7d', range: { from: first, until: first + 21 * day }, ...over });
const start = (newRunId: string, pipeline: PipelineNow = pipelineWith()) => startDue({ ...pipeline, now: 0, newRunId });
const judge = (reason: Reason, pipeline: PipelineNow = pipelineWith()) => judgeReason({ ...pipeline, reason, now: 0, newRunId: `run-of-${reason.id}` });
const close = (runId: string, outcome = 'registered') => closeRun({ runId, outcome, batchesTaken: true, now: 0 });
const story = (...decisions: readonly ((state: TriggerView) => readonly TriggerEvent[])[]) =>
  decisions.reduce<readonly TriggerEvent[]>((events, decide) => [...events, ...decide(fold(events))], []);
const told = (events: readonly TriggerEvent[], id: string) => fold(events).backfills.get(id)?.spans.map(({ status, runId, outcome }) => [status, runId, outcome].filter(Boolean).join(' '));

describe('a backfill', () => {
  it('gives each span a reason that waits', () => {
    const events = given().when(ask('b'));
    expect(events).toHaveLength(4);
    expect(events[0]).toMatchObject({ backfillId: 'b', step: '7d', spans: 3, actor: 'ada' });
    expect(judgedIn(events.slice(1, 2))).toMatchObject({ verdict: Verdict.QUEUED, reason: { source: '/refit/backfills', id: 'backfill:flight-delays:v3:2001-01-08T00:00:00.000Z', summary: 'backfill of 2001-01-01 to 2001-01-08' } });
    expect(given(events).when(ask('b'))).toEqual([]);
  });

  it('runs its spans in order, one at a time, each with the end of its window', () => {
    const events = story(ask('b'), start('r1'), start('none'), close('r1'), start('r2'));
    expect(told(events, 'b')).toEqual(['ended r1 registered', 'running r2', 'waiting']);
    const requested = runRequestedFrom(startedIn(events.slice(-1)), 'flight-delays');
    expect(requested).toMatchObject({ runId: 'r2', withoutPromotion: true, batches: [] });
    expect(new Date(timestampMs(requested.windowEnd!)).toISOString()).toBe('2001-01-15T00:00:00.000Z');
    expect(runRequestedFrom(startedIn(story(ask('b', { promote: true }), start('r1')).slice(-1)), 'p').withoutPromotion).toBe(false);
  });

  it('comes after everything else, takes nothing of what is new, and lets nothing cool down', () => {
    const pipeline = pipelineWith({ coolDownMs: 1000 });
    const events = story(ask('b'), start('r1', pipeline), judge(arrival('w30'), pipeline), judge(schedule('s'), pipeline), close('r1'), start('r2', pipeline));
    expect(startedIn(events.slice(-1))).toMatchObject({ reason: { id: 'w30' }, batches: [{ name: 'w30' }] });
    const more = [...events, ...close('r2')(fold(events))];
    expect(startedIn(given(more).when(startDue({ ...pipeline, now: 1000, newRunId: 'r3' }))).reason?.id).toBe('s');
    expect(judgedIn(given(story(ask('b'))).when(judge(manual('m1')))).verdict).toBe(Verdict.STARTED);
  });

  it.each([['skip', ConcurrencyPolicy.SKIP], ['replace', ConcurrencyPolicy.REPLACE]])('neither makes others be skipped nor is replaced, where the policy is to %s', (_name, concurrency) => {
    const pipeline = pipelineWith({ concurrency });
    const judged = given(story(ask('b'), start('r1', pipeline))).when(judge(manual('m1'), pipeline));
    expect(judgedIn(judged)).toMatchObject({ verdict: Verdict.QUEUED, why: 'It waits for its turn behind run r1.' });
    expect(judged).toHaveLength(1);
  });

  it('does nothing twice, whichever backfill has it', () => {
    const events = story(ask('b'), start('r1'), close('r1', 'model-rejected'), start('r2'), ask('again', { spans: spans(4) }));
    expect(told(events, 'again')).toEqual(['skipped r1', 'skipped r2', 'skipped', 'waiting']);
    expect(fold(events).backfills.get('again')?.spans.map(({ why }) => why)).toEqual([
      'An earlier backfill has done it: model-rejected.', 'An earlier backfill has it: it is running.', 'An earlier backfill has it: it is waiting.', 'It waits for its turn in the backfill.',
    ]);
    expect(fold(events).queue.size).toBe(2);
  });

  it('does again what failed or was cancelled, and all of it for another version of the pipeline', () => {
    const events = story(ask('b', { spans: spans(1) }), start('r1'), close('r1', 'failed'), ask('again', { spans: spans(1) }));
    expect(judgedIn(events.slice(-1))).toMatchObject({ verdict: Verdict.QUEUED, reason: { id: 'backfill:flight-delays:v3:2001-01-08T00:00:00.000Z#2' } });
    const repeated = [...events, ...start('r2')(fold(events))];
    expect([told(repeated, 'b'), told(repeated, 'again')]).toEqual([['ended r1 failed'], ['running r2']]);
    expect(told(story(ask('b'), ask('v4', { specVersion: 4 })), 'v4')).toEqual(['waiting', 'waiting', 'waiting']);
  });

  it('follows a run that a person revives', () => {
    const events = story(ask('b', { spans: spans(1) }), start('r1'), close('r1', 'failed'), reopenRun({ runId: 'r1', actor: 'ada' }));
    expect(told(events, 'b')).toEqual(['running r1']);
    expect(told([...events, ...close('r1')(fold(events))], 'b')).toEqual(['ended r1 registered']);
  });

  it('leaves out spans without data, which may have some later', () => {
    const events = story(ask('b', { spans: spans(2, false) }));
    expect(judgedIn(events.slice(1, 2))).toMatchObject({ verdict: Verdict.SKIPPED, skipCause: SkipCause.NO_DATA });
    expect(told(story(ask('b', { spans: spans(2, false) }), ask('later', { spans: spans(2) })), 'later')).toEqual(['waiting', 'waiting']);
  });

  it('is cancelled as a whole: what waits never starts, what runs is to end', () => {
    const cancel = cancelBackfill({ backfillId: 'b', actor: 'ada', reason: 'too slow', now: 0 });
    const events = story(ask('b'), start('r1'), cancel);
    expect(told(events, 'b')).toEqual(['running r1', 'given-up', 'given-up']);
    expect(fold(events).stopping).toEqual(new Map([['r1', { actor: 'ada', reason: 'too slow' }]]));
    expect(given(events).when(cancel)).toEqual([]);
    const ended = [...events, ...close('r1', 'cancelled')(fold(events))];
    expect([told(ended, 'b'), backfillStatus(fold(ended).backfills.get('b')!)]).toEqual([['ended r1 cancelled', 'given-up', 'given-up'], 'cancelled']);
    expect(given(ended).when(start('r2'))).toEqual([]);
    expect(told([...ended, ...ask('again')(fold(ended))], 'again')).toEqual(['waiting', 'waiting', 'waiting']);
  });

  it.each([['that is done', 'b', 'nothing of it is left to cancel'], ['that never was', 'c', 'there is no backfill c']])('%s cannot be cancelled', (_name, backfillId, message) => {
    const events = story(ask('b', { spans: spans(1) }), start('r1'), close('r1'));
    expect(() => given(events).when(cancelBackfill({ backfillId, actor: 'ada', reason: '', now: 0 }))).toThrow(message);
  });

  it('is refused when more than a thousand spans would wait', () => {
    const six = Array.from({ length: 6 }, (_, i) => ask(`b${i}`, { spans: spans(200), specVersion: i }));
    expect(() => story(...six)).toThrow('1000 spans of backfills wait already, and these are 200');
  });
});

describe('the spans of a range', () => {
  const range = { from: first, until: first + 30 * day };
  const ends = (found: readonly { until: number }[]) => found.map(({ until }) => new Date(until).toISOString().slice(0, 13));

  it('of a length are whole ones, from its beginning on', () => {
    expect(ends(spansOfLength(range, 7 * day))).toEqual(['2001-01-08T00', '2001-01-15T00', '2001-01-22T00', '2001-01-29T00']);
  });

  it('by schedules end at each occurrence', () => {
    const found = spansBetween(range, [new Occurrences({ cron: '0 6 * * MON', timeZone: 'Europe/Berlin' }), new Occurrences({ cron: '0 6 15 * *', timeZone: 'Europe/Berlin' })]);
    expect(ends(found)).toEqual(['2001-01-01T05', '2001-01-08T05', '2001-01-15T05', '2001-01-22T05', '2001-01-29T05']);
    expect(found[1]?.from).toBe(found[0]?.until);
    expect(found[0]?.from).toBe(first);
  });

  it.each([
    ['no whole span', () => spansOfLength(range, 31 * day), 'there is no whole span of 31d from 2001-01-01 to 2001-01-31'],
    ['too many', () => spansOfLength(range, 3_600_000), 'a backfill has at most 200'],
    ['no occurrence', () => spansBetween(range, []), 'no schedule of the pipeline comes due'],
    ['too many occurrences', () => spansBetween(range, [new Occurrences({ cron: '* * * * *', timeZone: 'UTC' })]), 'at most 200'],
  ])('are refused when there are %s', (_name, ask_, message) => {
    expect(ask_).toThrow(RefitError);
    expect(ask_).toThrow(message);
  });
});
