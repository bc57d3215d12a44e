import { ConcurrencyPolicy, Verdict, type Reason, type TriggerEvent } from '@refit/contracts';
import { describe, expect, it } from 'vitest';
import { closeRun } from './close-run.js';
import { judgeReason } from './judge-reason.js';
import { nextDueAt, startDue } from './start-run.js';
import { arrival, fold, given, judgedIn, manual, pipelineWith, schedule, startedIn } from './testing/given.js';
import type { PipelineNow, TriggerView } from './trigger-state.js';

const replacing = pipelineWith({ concurrency: ConcurrencyPolicy.REPLACE });
const judge = (reason: Reason, pipeline: PipelineNow = replacing, now = 0) => judgeReason({ ...pipeline, reason, now, newRunId: `run-of-${reason.id}` });
const start = (newRunId: string, pipeline: PipelineNow = replacing, now = 0) => startDue({ ...pipeline, now, newRunId });
const close = (runId: string, batchesTaken = false, outcome = 'cancelled') => closeRun({ runId, outcome, batchesTaken, now: 0 });
const story = (...decisions: readonly ((state: TriggerView) => readonly TriggerEvent[])[]) =>
  decisions.reduce<readonly TriggerEvent[]>((events, decide) => [...events, ...decide(fold(events))], []);
const replacedIn = (events: readonly TriggerEvent[]) => events.filter((e) => e.$typeName === 'refit.trigger.v1.RunReplaced');

describe('where the policy is to replace', () => {
  it('a new reason has the open run cancelled, and starts when it has ended', () => {
    const first = story(judge(manual('m1')));
    const second = given(first).when(judge(schedule('s')));
    expect(judgedIn(second)).toMatchObject({ verdict: Verdict.QUEUED, why: 'It takes the place of run run-of-m1, which is cancelled.' });
    expect(replacedIn(second)).toMatchObject([{ runId: 'run-of-m1', reasonId: '/schedule s', actor: 'refit', why: 'A newer reason takes its place: /schedule s.' }]);
    expect(fold([...first, ...second]).stopping).toEqual(new Map([['run-of-m1', { actor: 'refit', reason: 'A newer reason takes its place: /schedule s.' }]]));
    expect(given(first, second).when(start('r2'))).toEqual([]);
    const ended = [...first, ...second, ...close('run-of-m1')(fold([...first, ...second]))];
    expect(fold(ended).stopping.size).toBe(0);
    expect(startedIn(given(ended).when(start('r2')))).toMatchObject({ runId: 'r2', reason: { id: 's' } });
  });

  it('reasons that come while the run is being cancelled share the run that follows', () => {
    const events = story(judge(manual('m1')), judge(manual('m2')), judge(schedule('s')), judge(arrival('w05')), judge(manual('m3')));
    expect(events.filter((e) => e.$typeName === 'refit.trigger.v1.ReasonJudged').map((e) => e.verdict)).toEqual([Verdict.STARTED, Verdict.QUEUED, Verdict.COALESCED, Verdict.COALESCED, Verdict.COALESCED]);
    expect(replacedIn(events)).toHaveLength(1);
    const started = given(events, close('run-of-m1')(fold(events))).when(start('r2'));
    expect(startedIn(started)).toMatchObject({ reasonIds: ['/admin m2', '/schedule s', '/exports w05', '/admin m3'], batches: [{ name: 'w05' }] });
    const state = fold([...events, ...close('run-of-m1')(fold(events)), ...started]);
    expect([state.queue.size, state.joined.size, state.handled.get('/admin m3')]).toEqual([0, 0, 'r2']);
  });

  it('the batches of the cancelled run are not lost', () => {
    const events = story(judge(arrival('w05')), judge(arrival('w06')), close('run-of-w05'), start('r2'));
    expect(startedIn(events.slice(-1)).batches.map((b) => b.name)).toEqual(['w06', 'w05']);
  });

  it('a run that ended by itself before it could be cancelled keeps what it took', () => {
    const events = story(judge(arrival('w05')), judge(manual('m2')), close('run-of-w05', true, 'registered'), start('r2'));
    expect(startedIn(events.slice(-1))).toMatchObject({ reason: { id: 'm2' }, batches: [] });
  });

  it('data that waits for more replaces when the wait is over', () => {
    const pipeline = pipelineWith({ concurrency: ConcurrencyPolicy.REPLACE, onData: { enabled: true, coalesce: true, debounceMs: 1000 } });
    const events = story(judge(manual('m1'), pipeline), judge(arrival('w05'), pipeline), judge(arrival('w06'), pipeline, 500));
    expect(replacedIn(events)).toEqual([]);
    expect(nextDueAt(fold(events), pipeline)).toBe(1000);
    expect(given(events).when(start('r2', pipeline, 999))).toEqual([]);
    const due = given(events).when(start('r2', pipeline, 1000));
    expect(replacedIn(due)).toMatchObject([{ runId: 'run-of-m1', reasonId: '/exports w05' }]);
    expect(given(events, due).when(start('r2', pipeline, 1000))).toEqual([]);
    expect(nextDueAt(fold([...events, ...due]), pipeline)).toBeUndefined();
    const ended = [...events, ...due];
    expect(startedIn(given(ended, close('run-of-m1')(fold(ended))).when(start('r2', pipeline, 1000))).batches).toMatchObject([{ name: 'w05' }, { name: 'w06' }]);
  });

  it('not while the pipeline is paused', () => {
    const pipeline = pipelineWith({ concurrency: ConcurrencyPolicy.REPLACE, onData: { enabled: true, debounceMs: 1000 } });
    const events = story(judge(manual('m1'), pipeline), judge(arrival('w05'), pipeline));
    expect(given(events).when(start('r2', { ...pipeline, paused: true }, 2000))).toEqual([]);
  });

  it('what one run could not take waits for its turn: runs do not replace one another for ever', () => {
    let events = story(judge(manual('m1')), judge(manual('m2')));
    for (let i = 0; i < 150; i++) events = [...events, ...judge(arrival(`w${i}`))(fold(events))];
    events = [...events, ...close('run-of-m1')(fold(events))];
    events = [...events, ...start('r2')(fold(events))];
    expect(startedIn(events.slice(-1)).batches).toHaveLength(100);
    expect(given(events).when(start('r3', replacing, 1_000_000))).toEqual([]);
    events = [...events, ...close('r2', true)(fold(events))];
    expect(startedIn(given(events).when(start('r3'))).batches).toHaveLength(50);
  });

  it('a cool-down holds for automatic reasons, not for people', () => {
    const pipeline = pipelineWith({ concurrency: ConcurrencyPolicy.REPLACE, coolDownMs: 1000 });
    const events = story(judge(manual('m1'), pipeline));
    expect(judgedIn(given(events).when(judge(schedule('s'), pipeline, 500))).verdict).toBe(Verdict.SKIPPED);
    expect(replacedIn(given(events).when(judge(manual('m2'), pipeline, 500)))).toHaveLength(1);
  });
});
