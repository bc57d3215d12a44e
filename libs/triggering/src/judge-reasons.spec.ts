import { SkipCause, Verdict, type Reason, type TriggerEvent } from '@refit/contracts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { closeRun } from './close-run.js';
import { evolveTrigger, triggerDecider } from './evolve-trigger.js';
import { judgeReason, maximumJoined } from './judge-reason.js';
import { judgeReasons } from './judge-reasons.js';
import { OverlayMap } from './overlay-map.js';
import { arrival, fold, manual, pipelineWith } from './testing/given.js';
import type { TriggerState } from './trigger-state.js';

const pipeline = pipelineWith({ onData: { enabled: true, coalesce: true } });
const inputs = (reasons: readonly Reason[], on = pipeline) => reasons.map((reason) => ({ ...on, reason, now: 1000, newRunId: 'run-1' }));
const fromKafka = (id: string, offset: number, partition = 3): Reason => ({ ...arrival(id), origin: `kafka refit.data-arrivals/${partition}@${offset}` });

/** Judges all, as the shell does: what is left over after a start is judged when that is recorded. */
function judgeAll(state: TriggerState, reasons: readonly Reason[], on = pipeline) {
  const verdicts: string[] = [];
  const events: TriggerEvent[] = [];
  while (verdicts.length < reasons.length) {
    const judged = judgeReasons(inputs(reasons.slice(verdicts.length), on))(state);
    verdicts.push(...judged.verdicts.map(({ reason, verdict }) => `${reason?.id} ${Verdict[verdict]}`));
    events.push(...judged.events);
    judged.events.reduce(evolveTrigger, state);
  }
  return { verdicts, events };
}

describe('many reasons at once', () => {
  it('get the verdicts, and leave the events, that they get one by one', () => {
    const reasons = fc.array(fc.oneof(fc.record({ id: fc.nat(30), name: fc.nat(10) }).map(({ id, name }) => arrival(`a${id}`, `n${name}`)), fc.nat(10).map((id) => manual(`m${id}`))), { maxLength: 40 });
    fc.assert(fc.property(reasons, reasons, fc.boolean(), fc.boolean(), (before, now, coalesce, close) => {
      const on = pipelineWith({ onData: { enabled: true, coalesce } });
      const start = () => {
        const state = triggerDecider.initialState;
        judgeAll(state, before, on);
        if (close) for (const runId of state.open.keys()) closeRun({ runId, outcome: 'failed', batchesTaken: false, now: 1 })(state).reduce(evolveTrigger, state);
        return state;
      };
      const [together, alone] = [start(), start()];
      const all = judgeAll(together, now, on);
      const each = inputs(now, on).flatMap((input) => {
        const events = judgeReason(input)(alone);
        events.reduce(evolveTrigger, alone);
        return events;
      });
      expect(all.events).toEqual(each);
      expect(together).toEqual(alone);
    }), { numRuns: 200, seed: 20_010_205 });
  });

  it('leave the state as it is until they are recorded', () => {
    const state = fold([]);
    judgeReasons(inputs([arrival('a'), arrival('b'), manual('c')]))(state);
    expect(state).toEqual(triggerDecider.initialState);
  });

  it('stop behind the one that starts a run', () => {
    const { verdicts } = judgeReasons(inputs([arrival('a'), arrival('b')]))(fold([]));
    expect(verdicts).toMatchObject([{ reason: { id: 'a' }, verdict: Verdict.STARTED }]);
  });
});

describe('a message that is delivered again', () => {
  it('is answered as a repeat and not recorded; sent again, it is', () => {
    const state = fold([]);
    judgeAll(state, [fromKafka('a', 5), fromKafka('b', 6)]);
    const redelivered = judgeReasons(inputs([fromKafka('a', 5), fromKafka('b', 6)]))(state);
    expect(redelivered.verdicts).toMatchObject([{ skipCause: SkipCause.DUPLICATE }, { skipCause: SkipCause.DUPLICATE }]);
    expect(redelivered.events).toEqual([]);
    expect(judgeReasons(inputs([fromKafka('a', 7)]))(state).events).toMatchObject([{ skipCause: SkipCause.DUPLICATE }]);
    expect(judgeReasons(inputs([fromKafka('a', 0, 4)]))(state).events).toMatchObject([{ skipCause: SkipCause.DUPLICATE }]);
  });

  it('within one delivery is recorded once', () => {
    const state = fold([]);
    const { events } = judgeAll(state, [manual('m'), fromKafka('a', 5), fromKafka('a', 5)]);
    expect(events.filter((e) => e.$typeName === 'refit.trigger.v1.ReasonJudged')).toHaveLength(2);
  });

  it('whose repeat was recorded is known from then on', () => {
    const state = fold([]);
    judgeAll(state, [fromKafka('a', 5), fromKafka('a', 6)]);
    expect(judgeReasons(inputs([fromKafka('a', 6)]))(state).events).toEqual([]);
  });

  it('is a new reason in a topic that was made anew', () => {
    const state = fold([]);
    judgeAll(state, [fromKafka('a', 500)]);
    expect(judgeReasons(inputs([fromKafka('b', 0)]))(state).events).toHaveLength(1);
  });
});

describe('what is kept of a flood', () => {
  it('is bounded, and who is over it learns so; the newest hundred thousand are still told from repeats', () => {
    const state = fold([]);
    const last = 125_000;
    for (let from = 0; from < last; from += 5000) judgeAll(state, Array.from({ length: 5000 }, (_, i) => arrival(`a${from + i}`, `n${(from + i) % 500}`)));
    expect(state.joined.size).toBe(maximumJoined);
    expect(state.handled.size).toBeLessThanOrEqual(120_000);
    const [verdict] = judgeReasons(inputs([arrival('next')]))(state).verdicts;
    expect(verdict).toMatchObject({ skipCause: SkipCause.QUEUE_FULL, why: 'The queue is full: 10,000 arrivals of data wait already. Its data wait for a later run.' });
    for (const i of [last - 1, last - 100_000]) expect(judgeReasons(inputs([arrival(`a${i}`)]))(state).verdicts).toMatchObject([{ skipCause: SkipCause.DUPLICATE }]);
  }, 60_000);
});

describe('a map over another', () => {
  it('is as a map would be after the same changes, and the one below stays', () => {
    const change = fc.record({ key: fc.nat(8), value: fc.option(fc.nat(99)) });
    fc.assert(fc.property(fc.array(change), fc.array(change), (before, after) => {
      const apply = (map: Map<number, number>, changes: typeof before) => changes.forEach(({ key, value }) => (value === null ? map.delete(key) : map.set(key, value)));
      const below = new Map<number, number>();
      apply(below, before);
      const [plain, over, untouched] = [new Map(below), new OverlayMap(below), [...below]];
      apply(plain, after);
      apply(over, after);
      expect([[...over], [...over.keys()], [...over.values()], over.size]).toEqual([[...plain], [...plain.keys()], [...plain.values()], plain.size]);
      for (let key = 0; key <= 8; key++) expect([over.has(key), over.get(key)]).toEqual([plain.has(key), plain.get(key)]);
      expect([...below]).toEqual(untouched);
    }));
  });
});
