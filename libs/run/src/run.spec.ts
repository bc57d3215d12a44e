import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import {
  ComparisonOutdatedSchema, DataIngestedSchema, DataRejectedSchema, DataValidatedSchema, event, FailureKind, ModelAcceptedSchema,
  ModelEvaluatedSchema, ModelRegisteredSchema, RunOutcome, RunRequestedSchema, Step, StepClaimedSchema, StepFailedSchema,
  type RunEvent,
} from '@refit/contracts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decideCancel, decideClaim, decideFailure, decideGiveUp, decideRetry, decideSettle, type FailStep } from './decide-run.js';
import { evolveRun, initialRun, instanceStopped } from './evolve-run.js';
import { allSteps } from './plan.js';
import type { RunState } from './run-state.js';

const requested = (plan: Step[] = [Step.INGEST, Step.VALIDATE, Step.EVALUATE, Step.JUDGE, Step.REGISTER]) =>
  event(RunRequestedSchema, { runId: 'r', pipeline: 'flights', plan });
const claim = (step: Step, attempt = 1, leaseId = 'lease', takenOverFrom = '') =>
  event(StepClaimedSchema, { step, attempt, leaseId, instanceId: 'one', takenOverFrom });
const given = (...events: RunEvent[]): RunState => events.reduce(evolveRun, initialRun);
const types = (events: readonly RunEvent[]) => events.map((e) => e.$typeName.slice('refit.run.v1.'.length));
const at = { leaseId: 'lease', instanceId: 'one', now: 1000 };
const failure = (over: Partial<FailStep> = {}): FailStep => ({
  leaseId: 'lease', code: 'STORE_UNAVAILABLE', message: 'gone', retryable: true, unclassified: false, now: 1000, jitter: 0, baseDelayMs: 1000, ...over,
});
const failed = (over: { attempt: number; code?: string; unclassified?: boolean; retryAtMs?: number }) =>
  event(StepFailedSchema, {
    step: Step.INGEST, attempt: over.attempt, kind: FailureKind.RETRYABLE, code: over.code ?? 'STORE_UNAVAILABLE',
    unclassified: over.unclassified ?? false, retryAt: timestampFromMs(over.retryAtMs ?? 0),
  });

describe('a run', () => {
  it('makes its first step due when it is requested, and the next one after each outcome', () => {
    expect(given(requested())).toMatchObject({ status: 'due', due: { step: Step.INGEST, attempt: 1 } });
    expect(given(requested(), claim(Step.INGEST), event(DataIngestedSchema, { dataset: 'd' }))).toMatchObject({
      status: 'due', due: { step: Step.VALIDATE, attempt: 1 }, findings: { ingested: { dataset: 'd' } },
    });
  });

  it('is claimed once: a second claim finds nothing to do', () => {
    expect(types(decideClaim(given(requested()), at))).toEqual(['StepClaimed']);
    expect(decideClaim(given(requested(), claim(Step.INGEST)), at)).toEqual([]);
    expect(decideClaim(initialRun, at)).toEqual([]);
  });

  it('refuses the outcome of a lease that it no longer has', () => {
    const state = given(requested(), claim(Step.INGEST), claim(Step.INGEST, 2, 'other', 'lease'));
    expect(() => decideSettle(state, { ...at, events: [event(DataIngestedSchema, {})] })).toThrow(/without lease/);
    expect(() => decideFailure(state, failure())).toThrow(/without lease/);
  });

  it('refuses an outcome that belongs to another step', () => {
    const state = given(requested(), claim(Step.INGEST));
    expect(() => decideSettle(state, { ...at, events: [event(DataValidatedSchema, {})] })).toThrow(/without an outcome/);
    expect(() => decideSettle(state, { ...at, events: [] })).toThrow(/without an outcome/);
  });

  it('ends when the data gate says no', () => {
    const state = given(requested(), claim(Step.INGEST), event(DataIngestedSchema, {}), claim(Step.VALIDATE));
    const decided = decideSettle(state, { ...at, events: [event(DataRejectedSchema, { anomalies: [{ message: 'origin: 33 % missing' }] })] });
    expect(types(decided)).toEqual(['DataRejected', 'RunCompleted']);
    expect(decided[1]).toMatchObject({ outcome: RunOutcome.DATA_REJECTED, summary: 'origin: 33 % missing' });
    expect(decided.reduce(evolveRun, state).status).toBe('completed');
  });

  const judged = [
    requested(), claim(Step.INGEST), event(DataIngestedSchema, {}), claim(Step.VALIDATE), event(DataValidatedSchema, {}),
    claim(Step.EVALUATE), event(ModelEvaluatedSchema, {}), claim(Step.JUDGE), event(ModelAcceptedSchema, {}), claim(Step.REGISTER),
  ];

  it('completes after the last step of its plan', () => {
    const decided = decideSettle(given(...judged), { ...at, events: [event(ModelRegisteredSchema, { model: 'm', version: 3, promoted: true })] });
    expect(types(decided)).toEqual(['ModelRegistered', 'RunCompleted']);
    expect(decided[1]).toMatchObject({ outcome: RunOutcome.REGISTERED, summary: 'registered m v3, now champion' });
  });

  it('evaluates again when the champion changed meanwhile, and fails when that happens three times', () => {
    const outdated = (round: number) => [event(ComparisonOutdatedSchema, { round, comparedWith: 1, championVersion: 2 })];
    const again = given(...judged);
    expect(types(decideSettle(again, { ...at, events: outdated(1) }))).toEqual(['ComparisonOutdated']);
    expect(outdated(1).reduce(evolveRun, again)).toMatchObject({ status: 'due', round: 1, due: { step: Step.EVALUATE } });
    expect(types(decideSettle(again, { ...at, events: outdated(3) }))).toEqual(['ComparisonOutdated', 'StepFailed', 'AlertRaised', 'RunFailed']);
  });

  it('tries a retryable failure again, later each time, and gives up after five', () => {
    const first = decideFailure(given(requested(), claim(Step.INGEST)), failure());
    expect(first[0]).toMatchObject({ kind: FailureKind.RETRYABLE, retryAt: timestampFromMs(1500) });
    const second = decideFailure(given(requested(), claim(Step.INGEST), failed({ attempt: 1 }), claim(Step.INGEST, 2)), failure({ jitter: 0.5 }));
    expect(second[0]).toMatchObject({ attempt: 2, retryAt: timestampFromMs(2500) });
    const worn = [1, 2, 3, 4].flatMap((n) => [claim(Step.INGEST, n), failed({ attempt: n })]);
    expect(types(decideFailure(given(requested(), ...worn, claim(Step.INGEST, 5)), failure()))).toEqual(['StepFailed', 'AlertRaised', 'RunFailed']);
  });

  it('waits for its time before it is claimed again', () => {
    const state = given(requested(), claim(Step.INGEST), failed({ attempt: 1, retryAtMs: 5000 }));
    expect(decideClaim(state, { ...at, now: 4999 })).toEqual([]);
    expect(decideClaim(state, { ...at, now: 5000 })[0]).toMatchObject({ attempt: 2 });
  });

  it('is poisoned by the third error that nobody classified', () => {
    const twice = [1, 2].flatMap((n) => [claim(Step.INGEST, n), failed({ attempt: n, unclassified: true })]);
    const decided = decideFailure(given(requested(), ...twice, claim(Step.INGEST, 3)), failure({ code: 'INTERNAL', unclassified: true }));
    expect(decided[0]).toMatchObject({ kind: FailureKind.POISON });
    expect(types(decided)).toEqual(['StepFailed', 'AlertRaised', 'RunFailed']);
  });

  it('does not count that an instance was stopped, however often', () => {
    const stopped = Array.from({ length: 20 }, (_, i) => [claim(Step.INGEST, i + 1), failed({ attempt: i + 1, code: instanceStopped })]).flat();
    const state = given(requested(), ...stopped, claim(Step.INGEST, 21));
    expect(decideFailure(state, failure({ code: instanceStopped }))[0]).toMatchObject({ kind: FailureKind.RETRYABLE, retryAt: timestampFromMs(1000) });
  });

  it('is taken over from a dead instance, but not for ever', () => {
    const state = given(requested(), claim(Step.INGEST));
    expect(decideClaim(state, { ...at, leaseId: 'new', takeOver: 'lease' })[0]).toMatchObject({ attempt: 2, takenOverFrom: 'lease' });
    expect(decideClaim(state, { ...at, leaseId: 'new', takeOver: 'another' })).toEqual([]);
    const deadly = [1, 2, 3, 4, 5].map((n) => claim(Step.INGEST, n + 1, `l${n}`, `l${n - 1}`));
    const decided = decideClaim(given(requested(), claim(Step.INGEST, 1, 'l0'), ...deadly), { ...at, leaseId: 'new', takeOver: 'l5' });
    expect(types(decided)).toEqual(['StepFailed', 'AlertRaised', 'RunFailed']);
  });

  it('can be cancelled while open and retried when failed, by name of the one who asked', () => {
    const open = given(requested(), claim(Step.INGEST));
    const cancelled = decideCancel(open, { actor: 'ada', reason: 'wrong data' }).reduce(evolveRun, open);
    expect(cancelled).toMatchObject({ status: 'cancelled', actor: 'ada' });
    expect(() => decideCancel(cancelled, { actor: 'ada', reason: '' })).toThrow(/the run is cancelled/);
    expect(() => decideRetry(open, { actor: 'ada', reason: '' })).toThrow(/only a failed run/);
    expect(() => decideCancel(initialRun, { actor: 'ada', reason: '' })).toThrow(/no such run/);
    const broken = decideFailure(open, failure({ retryable: false })).reduce(evolveRun, open);
    expect(decideRetry(broken, { actor: 'ada', reason: 'disk freed' }).reduce(evolveRun, broken)).toMatchObject({ status: 'due', due: { step: Step.INGEST, attempt: 1 } });
  });

  it('folds any sequence of events without throwing, and never leaves its end but by a retry', () => {
    const anyEvent = fc.oneof(
      fc.constantFrom<RunEvent[]>(...judged.map((e) => [e])).map(([e]) => e as RunEvent),
      fc.record({ attempt: fc.nat(5) }).map(failed),
      fc.constantFrom(...allSteps).map((s) => claim(s)),
    );
    fc.assert(fc.property(fc.array(anyEvent, { maxLength: 40 }), (events) => {
      const end = events.reduce(evolveRun, given(requested(), ...decideCancel(given(requested()), { actor: 'a', reason: '' })));
      expect(end.status).toBe('cancelled');
      expect(() => events.reduce(evolveRun, initialRun)).not.toThrow();
    }));
  });
});

describe('a run that is to make place for another', () => {
  const toGiveUp = { actor: 'refit', reason: 'a newer reason takes its place' };

  it.each([
    ['due', given(requested())],
    ['at work', given(requested(), claim(Step.INGEST))],
    ['due to be judged', given(requested([Step.JUDGE, Step.REGISTER]))],
  ])('is cancelled while it is %s', (_name, state) => {
    expect(decideGiveUp(state, toGiveUp)).toMatchObject([{ $typeName: 'refit.run.v1.RunCancelled', ...toGiveUp }]);
  });

  it.each([
    ['is due to be registered', given(requested([Step.REGISTER]))],
    ['is being registered', given(requested([Step.REGISTER]), claim(Step.REGISTER))],
    ['was never requested', initialRun],
    ['has ended', given(requested(), ...decideCancel(given(requested()), toGiveUp))],
  ])('is let alone when it %s', (_name, state) => {
    expect(decideGiveUp(state, toGiveUp)).toEqual([]);
  });
});
