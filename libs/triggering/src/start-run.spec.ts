import { toJson } from '@bufbuild/protobuf';
import { RunStartedSchema, Step, Verdict, type Reason, type TriggerEvent } from '@refit/contracts';
import { describe, expect, it } from 'vitest';
import { closeRun, reopenRun } from './close-run.js';
import { evolveTrigger, triggerDecider } from './evolve-trigger.js';
import { judgeReason } from './judge-reason.js';
import { runRequestedFrom } from './request-run.js';
import { nextDueAt, startDue } from './start-run.js';
import { arrival, fold, given, judgedIn, manual, pipelineWith, schedule, startedIn } from './testing/given.js';
import type { PipelineNow, TriggerView } from './trigger-state.js';

const judge = (reason: Reason, pipeline: PipelineNow = pipelineWith(), now = 0) => judgeReason({ ...pipeline, reason, now, newRunId: `run-of-${reason.id}` });
const start = (newRunId: string, pipeline: PipelineNow = pipelineWith(), now = 0) => startDue({ ...pipeline, now, newRunId });
const close = (runId: string, batchesTaken = true) => closeRun({ runId, outcome: 'failed', batchesTaken, now: 0 });
const reopen = (runId: string) => reopenRun({ runId, actor: 'ada' });
const story = (...decisions: readonly ((state: TriggerView) => readonly TriggerEvent[])[]) =>
  decisions.reduce<readonly TriggerEvent[]>((events, decide) => [...events, ...decide(fold(events))], []);

describe('what is due starts', () => {
  it('when the open run has ended, and not before', () => {
    const events = story(judge(manual('m1')), judge(manual('m2')));
    expect(given(events).when(start('r2'))).toEqual([]);
    expect(startedIn(given(events, close('run-of-m1')(fold(events))).when(start('r2')))).toMatchObject({ runId: 'r2', reason: { id: 'm2' } });
  });

  it('not while the pipeline is paused', () => {
    const events = story(judge(manual('m1')), judge(manual('m2')), close('run-of-m1'));
    expect(given(events).when(start('r2', pipelineWith({}, true)))).toEqual([]);
  });

  it('after the cool-down, when nobody asked for it by hand', () => {
    const pipeline = pipelineWith({ coolDownMs: 1000 });
    const events = story(judge(manual('m1'), pipeline, 0), judge(manual('m2'), pipeline, 0), judge(schedule('s'), pipeline, 1000), close('run-of-m1'));
    const second = given(events).when(start('r2', pipeline, 1500));
    expect(startedIn(second).reason?.id).toBe('m2');
    const afterwards = [...events, ...second, ...close('r2')(fold([...events, ...second]))];
    expect(nextDueAt(fold(afterwards), pipeline)).toBe(2500);
    expect(given(afterwards).when(start('r3', pipeline, 2499))).toEqual([]);
    expect(startedIn(given(afterwards).when(start('r3', pipeline, 2500))).reason?.id).toBe('s');
  });

  it('and a person passes what still waits for further arrivals', () => {
    const pipeline = pipelineWith({ onData: { enabled: true, debounceMs: 1000 } });
    const events = story(judge(manual('m1'), pipeline), judge(arrival('w05'), pipeline), judge(manual('m2'), pipeline), close('run-of-m1'));
    expect(startedIn(given(events).when(start('r2', pipeline, 1))).reason?.id).toBe('m2');
  });
});

describe('the request of a run', () => {
  it('follows from its start alone, so that an interrupted start can be finished', () => {
    const started = startedIn(given().when(judge(arrival('w05'))));
    expect(runRequestedFrom(started, 'flight-delays')).toEqual(runRequestedFrom(started, 'flight-delays'));
    expect(runRequestedFrom(started, 'flight-delays')).toMatchObject({
      runId: 'run-of-w05', pipeline: 'flight-delays', specVersion: 3, specHash: 'spec-3', reason: { id: 'w05' }, reasonIds: ['/exports w05'],
      batches: [{ name: 'w05' }], requestedAt: started.startedAt,
      plan: [Step.INGEST, Step.VALIDATE, Step.TRANSFORM, Step.TRAIN, Step.EVALUATE, Step.JUDGE, Step.REGISTER],
    });
  });
});

describe('a run that ended', () => {
  it('gives back the batches that it did not take', () => {
    const events = story(judge(arrival('w05')), close('run-of-w05', false), judge(manual('m1')));
    expect(startedIn(events.slice(-1)).batches).toMatchObject([{ name: 'w05' }]);
  });

  it('keeps those that it took', () => {
    expect(startedIn(story(judge(arrival('w05')), close('run-of-w05'), judge(manual('m1'))).slice(-1)).batches).toEqual([]);
  });

  it('gives back nothing that was delivered anew meanwhile', () => {
    const events = story(judge(arrival('a', 'w05', 1)), judge(arrival('b', 'w05', 2)), close('run-of-a', false), start('r2'));
    expect(startedIn(events.slice(-1)).batches).toMatchObject([{ name: 'w05', rows: 2 }]);
  });

  it('is closed once', () => {
    const events = story(judge(manual('m1')), close('run-of-m1'));
    expect(given(events).when(close('run-of-m1'))).toEqual([]);
    expect(given(events).when(close('never-started'))).toEqual([]);
  });
});

describe('a failed run', () => {
  it('takes its place and its batches again when it is revived', () => {
    const events = story(judge(arrival('w05')), close('run-of-w05', false), reopen('run-of-w05'), judge(manual('m1')));
    expect(judgedIn(events.slice(-1)).verdict).toBe(Verdict.QUEUED);
    expect(fold(events)).toMatchObject({ pending: new Map(), pendingRows: 0, reopenings: new Map([['run-of-w05', 1]]) });
    expect(given(events).when(reopen('run-of-w05'))).toEqual([]);
  });

  it('is not revived beside an open one', () => {
    const events = story(judge(manual('m1')), close('run-of-m1'), judge(manual('m2')));
    expect(() => given(events).when(reopen('run-of-m1'))).toThrow('run run-of-m2 of this pipeline is open; wait for its end or cancel it');
  });

  it('is not revived when a later run took its data', () => {
    const events = story(judge(arrival('w05')), close('run-of-w05', false), judge(manual('m1')), close('run-of-m1'));
    expect(() => given(events).when(reopen('run-of-w05'))).toThrow('a later run took the data of run run-of-w05 (w05); start a new run instead');
  });
});

describe('a start stays small', () => {
  it('when more waits than one run can take: the rest takes the next runs, in order', () => {
    const pipeline = pipelineWith();
    const state = triggerDecider.initialState;
    const apply = (events: readonly TriggerEvent[]) => events.reduce(evolveTrigger, state);
    apply(judge(manual('m1'), pipeline)(state));
    for (let i = 0; i < 250; i++) apply(judge(arrival(`w${i}`, `week-${i}-${'x'.repeat(100)}`), pipeline)(state));
    const taken: string[] = [];
    for (let run = 1; state.pending.size > 0; run++) {
      apply(close(run === 1 ? 'run-of-m1' : `r${run - 1}`)(state));
      const started = startedIn(start(`r${run}`, pipeline)(state));
      expect(JSON.stringify(toJson(RunStartedSchema, started)).length).toBeLessThan(60 * 1024);
      taken.push(...started.batches.map((b) => b.name.split('-')[1]!));
      apply([started]);
    }
    expect(taken).toEqual(Array.from({ length: 250 }, (_, i) => String(i)));
    expect([state.queue.size, state.joined.size]).toEqual([0, 0]);
  });
});
