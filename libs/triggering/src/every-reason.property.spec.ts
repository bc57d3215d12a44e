import { create } from '@bufbuild/protobuf';
import { timestampMs } from '@bufbuild/protobuf/wkt';
import {
  CatchUpPolicy, ConcurrencyPolicy, DecaySeverity, ReasonKind, ScheduleSchema, SkipCause, Verdict, type Batch, type Reason, type TriggerEvent,
} from '@refit/contracts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cancelBackfill, startBackfill } from './backfill/decide-backfill.js';
import { closeRun, reopenRun } from './close-run.js';
import { evolveTrigger, triggerDecider } from './evolve-trigger.js';
import { judgeReason } from './judge-reason.js';
import { reasonKey } from './reasons.js';
import type { Scheduled } from './schedules/due-occurrences.js';
import { judgeOccurrences } from './schedules/judge-occurrences.js';
import { Occurrences } from './schedules/occurrences.js';
import { startDue } from './start-run.js';
import { arrival, decay, fold, manual, pipelineWith, schedule } from './testing/given.js';
import type { PipelineNow, TriggerView } from './trigger-state.js';

/** What may happen to a pipeline, in any order. */
const happening = fc.oneof(
  { weight: 6, arbitrary: fc.record({ kind: fc.constant('arrival' as const), id: fc.nat(30), name: fc.nat(8), rows: fc.nat(100) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constantFrom('manual' as const, 'schedule' as const, 'decay' as const), id: fc.nat(20) }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('close' as const), taken: fc.boolean() }) },
  { weight: 3, arbitrary: fc.constant({ kind: 'start' as const }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('reopen' as const), run: fc.nat(20) }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('wait' as const), ms: fc.nat(2000) }) },
  { weight: 1, arbitrary: fc.constant({ kind: 'pause' as const }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('occurrences' as const) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('backfill' as const), request: fc.nat(4), first: fc.nat(5), spans: fc.integer({ min: 1, max: 4 }) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('cancel-backfill' as const), request: fc.nat(4) }) },
);
type Happening = typeof happening extends fc.Arbitrary<infer T> ? T : never;

const pipelines = fc.record({
  coalesce: fc.boolean(), debounceMs: fc.constantFrom(0, 500), minimumRows: fc.constantFrom(0, 120), coolDownMs: fc.constantFrom(0, 1000),
  concurrency: fc.constantFrom(ConcurrencyPolicy.QUEUE, ConcurrencyPolicy.SKIP, ConcurrencyPolicy.REPLACE),
  catchUp: fc.constantFrom(CatchUpPolicy.NONE, CatchUpPolicy.LATEST, CatchUpPolicy.ALL),
});

interface History {
  readonly events: readonly TriggerEvent[];
  readonly judged: readonly { readonly reason: Reason; readonly events: readonly TriggerEvent[] }[];
  readonly pipeline: PipelineNow;
  readonly now: number;
}

/** Each second. */
const eachSecond = (catchUp: CatchUpPolicy): Scheduled => {
  const every = create(ScheduleSchema, { cron: '* * * * * *', timeZone: 'UTC', catchUp });
  return { schedule: every, occurrences: new Occurrences(every), since: 10_000 };
};

function live(happenings: readonly Happening[], { coolDownMs, concurrency, catchUp, ...onData }: typeof pipelines extends fc.Arbitrary<infer T> ? T : never): History {
  const judged: { reason: Reason; events: readonly TriggerEvent[] }[] = [];
  const events: TriggerEvent[] = [];
  const state = triggerDecider.initialState;
  let [now, paused] = [10_000, false];
  const pipeline = () => pipelineWith({ onData: { enabled: true, ...onData }, coolDownMs, concurrency }, paused);
  const act = (decide: (view: TriggerView) => readonly TriggerEvent[]) => {
    const decided = decide(state);
    decided.reduce(evolveTrigger, state);
    events.push(...decided);
    return decided;
  };
  const input = () => ({ ...pipeline(), now, newRunId: `run-${events.length}` });
  const schedules = [eachSecond(catchUp)];
  for (const h of happenings) {
    switch (h.kind) {
      case 'wait': now += h.ms; break;
      case 'pause': paused = !paused; break;
      case 'start': act(startDue(input())); break;
      case 'close': {
        const [runId = 'none'] = state.open.keys();
        act(closeRun({ runId, outcome: 'completed', batchesTaken: h.taken, now }));
        break;
      }
      case 'reopen': {
        const closedRuns = events.filter((e) => e.$typeName === 'refit.trigger.v1.RunClosed');
        const run = closedRuns[h.run % Math.max(1, closedRuns.length)];
        try {
          if (run) act(reopenRun({ runId: run.runId, actor: 'ada' }));
        } catch {
          // Refused: another run is open, or took the batches.
        }
        break;
      }
      case 'occurrences':
        while (act(judgeOccurrences({ ...input(), schedules })).length > 0);
        break;
      case 'backfill': {
        const spans = Array.from({ length: h.spans }, (_, i) => ({ from: (h.first + i) * 1000, until: (h.first + i + 1) * 1000, hasData: true }));
        act(startBackfill({ ...input(), backfillId: `b${h.request}`, spans, promote: false, actor: 'ada', step: '1s', range: { from: 0, until: 1000 } }));
        break;
      }
      case 'cancel-backfill':
        try {
          act(cancelBackfill({ backfillId: `b${h.request}`, actor: 'ada', reason: '', now }));
        } catch {
          // Refused: there is none, or it is done.
        }
        break;
      default: {
        const reason = reasonOf(h);
        judged.push({ reason, events: act(judgeReason({ ...input(), reason })) });
      }
    }
  }
  return { events, judged, pipeline: { ...pipeline(), paused: false }, now };
}

function reasonOf(h: Extract<Happening, { id: number }>): Reason {
  switch (h.kind) {
    case 'arrival': return arrival(`a${h.id}`, `batch-${h.name}`, h.rows);
    case 'manual': return manual(`m${h.id}`);
    case 'schedule': return schedule(`s${h.id}`);
    case 'decay': return decay(`d${h.id}`, (h.id % 3) + 1 as DecaySeverity); // 1 to 3 are severities
  }
}

const histories = (check: (history: History) => void) =>
  fc.assert(fc.property(fc.array(happening, { minLength: 1, maxLength: 80 }), pipelines, (happenings, triggers) => check(live(happenings, triggers))), { numRuns: 400, seed: 20_010_205 });

const mayFollow: Readonly<Record<Verdict, readonly string[]>> = {
  [Verdict.UNSPECIFIED]: [], [Verdict.STARTED]: ['refit.trigger.v1.RunStarted'], [Verdict.QUEUED]: ['', 'refit.trigger.v1.RunReplaced'], [Verdict.COALESCED]: [''], [Verdict.SKIPPED]: [''],
};

describe('whatever happens', () => {
  it('every reason gets exactly one verdict, with a sentence, and a repeated one is a duplicate', () => {
    histories(({ judged }) => {
      const seen = new Set<string>();
      for (const { reason, events } of judged) {
        const verdicts = events.filter((e) => e.$typeName === 'refit.trigger.v1.ReasonJudged');
        expect(verdicts).toHaveLength(1);
        expect(verdicts[0]?.why).toMatch(/^[A-Z0-9].*\.$/);
        expect(verdicts[0]?.skipCause === SkipCause.DUPLICATE).toBe(seen.has(reasonKey(reason)));
        expect(mayFollow[verdicts[0]!.verdict]).toContain(events.slice(1).map((e) => e.$typeName).join(' '));
        seen.add(reasonKey(reason));
      }
    });
  });

  it('there is never more than one open run', () => {
    histories(({ events }) => {
      const open = new Set<string>();
      for (const e of events) {
        if (e.$typeName === 'refit.trigger.v1.RunStarted' || e.$typeName === 'refit.trigger.v1.RunReopened') open.add(e.runId);
        if (e.$typeName === 'refit.trigger.v1.RunClosed') open.delete(e.runId);
        expect(open.size).toBeLessThanOrEqual(1);
      }
    });
  });

  it('no batch is lost and none is taken twice', () => {
    histories((history) => {
      const { delivered, taken } = deliveries(drained(history));
      for (const [name, batch] of delivered) expect([name, taken.get(name)?.at(-1)]).toEqual([name, batch]);
      for (const batches of taken.values()) expect(new Set(batches).size).toBe(batches.length);
    });
  });

  it('no queued or coalesced reason is left without a run', () => {
    histories((history) => {
      const state = fold(drained(history));
      expect([state.queue.size, state.joined.size]).toEqual([0, 0]);
      const waited = history.judged.filter(({ events: [e] }) => e?.$typeName === 'refit.trigger.v1.ReasonJudged' && [Verdict.QUEUED, Verdict.COALESCED].includes(e.verdict));
      expect(waited.map(({ reason }) => state.handled.get(reasonKey(reason)))).not.toContain('');
    });
  });

  it('every occurrence of a schedule is judged or recorded as missed, once and in order', () => {
    histories(({ events, now }) => {
      let through = 10_000;
      for (const e of events) {
        if (e.$typeName !== 'refit.trigger.v1.ReasonJudged' || e.reason?.schedules.length !== 1) continue;
        const many = /^(\d+) occurrences passed, from (\S+) to/.exec(e.why);
        const first = many ? Date.parse(many[2]!) : timestampMs(e.reason.occurredAt!);
        expect(first).toBe(through + 1000);
        through = timestampMs(e.reason.occurredAt!);
        expect((through - first) / 1000 + 1).toBe(Number(many?.[1] ?? 1));
      }
      expect(through).toBeLessThanOrEqual(now);
    });
  });

  it('no run is replaced that has ended, is replaced already, or belongs to a backfill', () => {
    histories(({ events }) => {
      const backfilling = new Set<string>();
      const open = new Set<string>();
      const wronglyReplaced: string[] = [];
      for (const e of events) {
        if (e.$typeName === 'refit.trigger.v1.RunStarted' && e.reason?.kind === ReasonKind.BACKFILL) backfilling.add(e.runId);
        if (e.$typeName === 'refit.trigger.v1.RunStarted' || e.$typeName === 'refit.trigger.v1.RunReopened') open.add(e.runId);
        if (e.$typeName === 'refit.trigger.v1.RunClosed') open.delete(e.runId);
        if (e.$typeName === 'refit.trigger.v1.RunReplaced' && (backfilling.has(e.runId) || !open.delete(e.runId))) wronglyReplaced.push(e.runId);
      }
      expect(wronglyReplaced).toEqual([]);
    });
  });

  it('no span of a backfill is left, and none runs twice', () => {
    histories((history) => {
      const events = drained(history);
      const { backfills } = fold(events);
      for (const { requested, spans } of backfills.values()) {
        expect(spans).toHaveLength(requested.spans);
        for (const { status } of spans) expect(['ended', 'skipped', 'given-up']).toContain(status);
      }
      const done = [...backfills.values()].flatMap(({ spans }) => spans.filter(({ status }) => status === 'ended').map(({ key }) => key));
      expect(new Set(done).size).toBe(done.length);
    });
  });

  it('nothing starts of a backfill that is cancelled', () => {
    histories((history) => {
      const cancelled = new Set<string>();
      const startedAfter: string[] = [];
      for (const e of drained(history)) {
        if (e.$typeName === 'refit.trigger.v1.BackfillCancelled') cancelled.add(e.backfillId);
        const backfillId = e.$typeName === 'refit.trigger.v1.RunStarted' ? e.reason?.backfill?.backfillId : undefined;
        if (backfillId !== undefined && cancelled.has(backfillId)) startedAfter.push(backfillId);
      }
      expect(startedAfter).toEqual([]);
    });
  });

  it('the rows that count as new are those of the batches that wait', () => {
    histories(({ events }) => {
      const state = fold(events);
      expect(state.pendingRows).toBe([...state.pending.values()].reduce((sum, b) => sum + b.rows, 0));
    });
  });
});

/** Ends what is open, starts what waits, and lastly a run by hand, until nothing is left. */
function drained({ events, pipeline, now }: History): readonly TriggerEvent[] {
  const all = [...events];
  const state = fold(events);
  const act = (decide: (view: TriggerView) => readonly TriggerEvent[]) => {
    for (const e of decide(state)) {
      evolveTrigger(state, e);
      all.push(e);
    }
  };
  const close = () => [...state.open.keys()].forEach((runId) => act(closeRun({ runId, outcome: 'completed', batchesTaken: true, now })));
  close();
  for (let i = 1; state.queue.size > 0 && i < 200; i++) {
    act(startDue({ ...pipeline, now: now + i * 10_000, newRunId: `drain-${i}` }));
    close();
  }
  act(judgeReason({ ...pipeline, reason: manual('last'), now: now + 10_000_000, newRunId: 'last' }));
  close();
  return all;
}

/** The newest delivery of each batch, and the deliveries that runs took for good. */
function deliveries(events: readonly TriggerEvent[]) {
  const delivered = new Map<string, Batch>();
  const taken = new Map<string, Batch[]>();
  const open = new Map<string, readonly Batch[]>();
  for (const e of events) {
    if (e.$typeName === 'refit.trigger.v1.ReasonJudged' && e.skipCause !== SkipCause.DUPLICATE && e.reason?.batch) delivered.set(e.reason.batch.name, e.reason.batch);
    if (e.$typeName === 'refit.trigger.v1.RunStarted') open.set(e.runId, e.batches);
    if (e.$typeName === 'refit.trigger.v1.RunClosed' && e.batchesTaken) {
      for (const batch of open.get(e.runId) ?? []) taken.set(batch.name, [...(taken.get(batch.name) ?? []), batch]);
      open.delete(e.runId); // revived after it took them, it takes nothing more
    }
  }
  return { delivered, taken };
}

describe('a hundred thousand reasons', () => {
  it('fold, and are still told apart', () => {
    const pipeline = pipelineWith({ onData: { enabled: true, coalesce: true, minimumRows: 4_000_000_000 } });
    const state = triggerDecider.initialState;
    for (let i = 0; i < 100_000; i++) judgeReason({ ...pipeline, reason: arrival(`w${i}`, `w${i % 5000}`, 10), now: i, newRunId: 'r' })(state).reduce(evolveTrigger, state);
    expect([state.handled.size, state.pending.size, state.pendingRows]).toEqual([100_000, 5000, 50_000]);
    expect(judgeReason({ ...pipeline, reason: arrival('w7'), now: 0, newRunId: 'r' })(state)).toMatchObject([{ skipCause: SkipCause.DUPLICATE }]);
  });
});
