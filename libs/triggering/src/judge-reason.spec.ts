import { timestampMs } from '@bufbuild/protobuf/wkt';
import { ConcurrencyPolicy, DecaySeverity, SkipCause, Verdict, type Reason, type TriggerEvent } from '@refit/contracts';
import { describe, expect, it } from 'vitest';
import { closeRun } from './close-run.js';
import { judgeReason, maximumQueued } from './judge-reason.js';
import { startDue } from './start-run.js';
import { arrival, decay, fold, given, judgedIn, manual, pipelineWith, schedule, startedIn } from './testing/given.js';
import type { PipelineNow, TriggerView } from './trigger-state.js';

const noon = Date.parse('2001-02-05T12:00:00Z');
const judge = (reason: Reason, pipeline: PipelineNow = pipelineWith(), now = noon, newRunId = `run-of-${reason.id}`) => judgeReason({ ...pipeline, reason, now, newRunId });
/** Events of several decisions, each made on what came before. */
const story = (...decisions: readonly ((state: TriggerView) => readonly TriggerEvent[])[]) =>
  decisions.reduce<readonly TriggerEvent[]>((events, decide) => [...events, ...decide(fold(events))], []);
const closed = (runId: string, batchesTaken = true) => closeRun({ runId, outcome: 'completed', batchesTaken, now: noon });

describe('a reason starts a run', () => {
  it('when nothing speaks against it', () => {
    const events = given().when(judge(manual('m1')));
    expect(judgedIn(events)).toMatchObject({ verdict: Verdict.STARTED, runId: 'run-of-m1', why: 'No run of the pipeline is open.' });
    expect(startedIn(events)).toMatchObject({ runId: 'run-of-m1', reasonIds: ['/admin m1'], batches: [], specVersion: 3, specHash: 'spec-3' });
    expect(timestampMs(startedIn(events).startedAt!)).toBe(noon);
  });

  it('with the batch that arrived', () => {
    const events = given().when(judge(arrival('w05', 'w05', 115_000)));
    expect(judgedIn(events).why).toBe('115,000 new rows wait, and no run of the pipeline is open.');
    expect(startedIn(events).batches).toMatchObject([{ name: 'w05', rows: 115_000 }]);
  });

  it.each([['a schedule', schedule('s')], ['a decay', decay('d', DecaySeverity.MEDIUM)]])('by %s', (_name, reason) => {
    expect(judgedIn(given().when(judge(reason))).verdict).toBe(Verdict.STARTED);
  });
});

describe('a reason is skipped', () => {
  const skipOf = (events: readonly TriggerEvent[]) => {
    expect(events).toHaveLength(1);
    const { verdict, skipCause, why } = judgedIn(events);
    expect(verdict).toBe(Verdict.SKIPPED);
    return { skipCause, why };
  };

  it('when the same source sent the same id before, whatever came of it', () => {
    const before = story(judge(manual('m1')));
    expect(skipOf(given(before).when(judge(manual('m1'))))).toEqual({ skipCause: SkipCause.DUPLICATE, why: 'The reason m1 of /admin was judged before and led to run run-of-m1.' });
    const skipped = story(judge(arrival('w05'), pipelineWith({}, true)));
    expect(skipOf(given(skipped).when(judge(arrival('w05'))))).toEqual({ skipCause: SkipCause.DUPLICATE, why: 'The reason w05 of /exports was judged before.' });
  });

  it('but not when another source sends the same id', () => {
    const other = { ...manual('m1'), source: '/elsewhere' };
    expect(judgedIn(given(story(judge(manual('m1')), closed('run-of-m1'))).when(judge(other))).verdict).toBe(Verdict.STARTED);
  });

  it('and a duplicate names the run that its queued twin started later', () => {
    const before = story(judge(manual('m1')), judge(arrival('w05')), closed('run-of-m1'), startDue({ ...pipelineWith(), now: noon, newRunId: 'r2' }));
    expect(judgedIn(given(before).when(judge(arrival('w05')))).runId).toBe('r2');
  });

  it('while the pipeline is paused, also by hand', () => {
    expect(skipOf(given().when(judge(manual('m1'), pipelineWith({}, true))))).toEqual({ skipCause: SkipCause.PAUSED, why: 'The pipeline is paused.' });
  });

  it.each([
    ['schedule', schedule('s'), pipelineWith({ schedules: [] })],
    ['data-arrival', arrival('w05'), pipelineWith({ onData: { enabled: false } })],
    ['decay', decay('d', DecaySeverity.HIGH), pipelineWith({ onDecay: { enabled: false } })],
  ])('when the pipeline is not started by reasons of the kind %s', (kind, reason, pipeline) => {
    expect(skipOf(given().when(judge(reason, pipeline)))).toEqual({ skipCause: SkipCause.DISABLED, why: `The pipeline is not started by reasons of the kind ${kind}.` });
  });

  it('when the decay is too mild, or of no known severity', () => {
    expect(skipOf(given().when(judge(decay('d', DecaySeverity.LOW))))).toEqual({
      skipCause: SkipCause.BELOW_SEVERITY, why: 'The severity low is below medium, the least that starts a run.',
    });
    const anySeverity = pipelineWith({ onDecay: { enabled: true } });
    expect(skipOf(given().when(judge(decay('d', DecaySeverity.UNSPECIFIED), anySeverity))).skipCause).toBe(SkipCause.BELOW_SEVERITY);
  });

  it('during the cool-down, unless a person asks', () => {
    const pipeline = pipelineWith({ coolDownMs: 3_600_000 });
    const before = story(judge(manual('m1'), pipeline), closed('run-of-m1'));
    expect(skipOf(given(before).when(judge(schedule('s'), pipeline, noon + 3_599_999)))).toEqual({
      skipCause: SkipCause.COOL_DOWN, why: 'The pipeline cools down until 2001-02-05T13:00:00.000Z after the last start.',
    });
    expect(judgedIn(given(before).when(judge(schedule('s'), pipeline, noon + 3_600_000))).verdict).toBe(Verdict.STARTED);
    expect(judgedIn(given(before).when(judge(manual('m2'), pipeline, noon + 1))).verdict).toBe(Verdict.STARTED);
  });

  it('when a run is open and the policy is to skip', () => {
    const pipeline = pipelineWith({ concurrency: ConcurrencyPolicy.SKIP });
    expect(skipOf(given(story(judge(manual('m1'), pipeline))).when(judge(manual('m2'), pipeline)))).toEqual({
      skipCause: SkipCause.RUN_OPEN, why: 'Run run-of-m1 is still open, and the pipeline does not queue.',
    });
  });

  it('when the queue is full', () => {
    const pipeline = pipelineWith();
    const state = fold(story(judge(manual('m1'), pipeline)));
    for (let i = 0; i < maximumQueued; i++) state.queue.set(`/admin q${i}`, { reason: manual(`q${i}`), dueAt: 0 });
    expect(skipOf(judge(manual('m2'), pipeline)(state))).toEqual({ skipCause: SkipCause.QUEUE_FULL, why: 'The queue is full: 1,000 reasons wait already.' });
  });
});

describe('too few rows', () => {
  const pipeline = pipelineWith({ onData: { enabled: true, coalesce: true, minimumRows: 200_000 } });

  it('start nothing, but count for the next arrival', () => {
    const before = given().when(judge(arrival('w05', 'w05', 115_000), pipeline));
    expect(judgedIn(before)).toMatchObject({ verdict: Verdict.SKIPPED, skipCause: SkipCause.TOO_FEW_ROWS, why: 'Too few rows: 115,000 of 200,000 new rows have arrived.' });
    const after = given(before).when(judge(arrival('w06', 'w06', 115_000), pipeline));
    expect(judgedIn(after)).toMatchObject({ verdict: Verdict.STARTED, why: '230,000 new rows wait, and no run of the pipeline is open.' });
    expect(startedIn(after).batches.map((b) => b.name)).toEqual(['w05', 'w06']);
  });

  it('are not made more by delivering the same batch again', () => {
    const before = story(judge(arrival('w05', 'w05', 115_000), pipeline));
    const again = given(before).when(judge(arrival('w05-again', 'w05', 120_000), pipeline));
    expect(judgedIn(again).why).toBe('Too few rows: 120,000 of 200,000 new rows have arrived.');
  });

  it('count anew after a run took what was there', () => {
    const before = story(judge(arrival('a', 'a', 200_000), pipeline), closed('run-of-a'));
    expect(judgedIn(given(before).when(judge(arrival('b', 'b', 1), pipeline))).why).toBe('Too few rows: 1 of 200,000 new rows have arrived.');
  });

  it.each([
    ['paused', pipelineWith({}, true)],
    ['not started by data', pipelineWith({ onData: { enabled: false } })],
  ])('nor is a batch lost that arrives while the pipeline is %s', (_name, closedPipeline) => {
    const events = given(story(judge(arrival('w05'), closedPipeline))).when(judge(arrival('w06')));
    expect(startedIn(events).batches.map((b) => b.name)).toEqual(['w05', 'w06']);
  });
});

describe('the debounce', () => {
  const pipeline = pipelineWith({ onData: { enabled: true, coalesce: true, debounceMs: 60_000 } });

  it('queues the first arrival and coalesces the next ones into it, in a window fixed by the first', () => {
    const first = given().when(judge(arrival('w05'), pipeline));
    expect(judgedIn(first)).toMatchObject({ verdict: Verdict.QUEUED, why: 'It waits for further arrivals until 2001-02-05T12:01:00.000Z.' });
    expect(timestampMs(judgedIn(first).dueAt!)).toBe(noon + 60_000);
    const events = story(judge(arrival('w05'), pipeline), judge(arrival('w06'), pipeline, noon + 59_000));
    expect(judgedIn(events.slice(1))).toMatchObject({ verdict: Verdict.COALESCED });
    expect(given(events).when(startDue({ ...pipeline, now: noon + 59_999, newRunId: 'r1' }))).toEqual([]);
    const started = startedIn(given(events).when(startDue({ ...pipeline, now: noon + 60_000, newRunId: 'r1' })));
    expect(started).toMatchObject({ runId: 'r1', reasonIds: ['/exports w05', '/exports w06'] });
    expect(started.batches.map((b) => b.name)).toEqual(['w05', 'w06']);
  });

  it('does not hold back a person', () => {
    const events = given(story(judge(arrival('w05'), pipeline))).when(judge(manual('m1'), pipeline));
    expect(startedIn(events)).toMatchObject({ reasonIds: ['/admin m1', '/exports w05'], batches: [{ name: 'w05' }] });
    expect(fold([...story(judge(arrival('w05'), pipeline)), ...events]).queue.size).toBe(0);
  });
});

describe('while a run is open', () => {
  it('reasons queue, and data coalesce with data that wait', () => {
    const events = story(judge(manual('m1')), judge(arrival('w05')), judge(arrival('w06')), judge(manual('m2')));
    expect(events.slice(2).map((e) => judgedIn([e]).verdict)).toEqual([Verdict.QUEUED, Verdict.COALESCED, Verdict.QUEUED]);
    expect(judgedIn([events[2]!]).why).toBe('It waits for its turn behind run run-of-m1.');
  });

  it('without coalescing every arrival gets a run of its own, in order', () => {
    const pipeline = pipelineWith({ onData: { enabled: true, coalesce: false } });
    let events = story(judge(arrival('w05'), pipeline), judge(arrival('w06'), pipeline), judge(arrival('w07'), pipeline));
    const taken = [startedIn(events).batches.map((b) => b.name)];
    for (const [open, next] of [['run-of-w05', 'r2'], ['r2', 'r3']] as const) {
      events = [...events, ...closed(open)(fold(events))];
      const started = given(events).when(startDue({ ...pipeline, now: noon, newRunId: next }));
      taken.push(startedIn(started).batches.map((b) => b.name));
      events = [...events, ...started];
    }
    expect(taken).toEqual([['w05'], ['w06'], ['w07']]);
  });

  it('a batch delivered again before its turn replaces the first delivery', () => {
    const pipeline = pipelineWith({ onData: { enabled: true, coalesce: false } });
    const events = story(judge(manual('m1'), pipeline), judge(arrival('a', 'w05', 1), pipeline), judge(arrival('b', 'w05', 2), pipeline), closed('run-of-m1'));
    expect(judgedIn([events[3]!]).verdict).toBe(Verdict.COALESCED);
    const started = given(events).when(startDue({ ...pipeline, now: noon, newRunId: 'r2' }));
    expect(startedIn(started)).toMatchObject({ reasonIds: ['/exports a', '/exports b'], batches: [{ name: 'w05', rows: 2 }] });
    expect(fold([...events, ...started])).toMatchObject({ pendingRows: 0, queue: new Map(), joined: new Map() });
  });

  it('nobody overtakes a reason whose turn it is', () => {
    const events = story(judge(manual('m1')), judge(manual('m2')), closed('run-of-m1'), judge(manual('m3')));
    expect(judgedIn(events.slice(-1))).toMatchObject({ verdict: Verdict.QUEUED, why: 'It waits for its turn behind a reason that came before it.' });
    expect(startedIn(given(events).when(startDue({ ...pipelineWith(), now: noon, newRunId: 'r2' }))).reason?.id).toBe('m2');
  });
});
