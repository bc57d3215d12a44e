import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { v7 as uuid } from 'uuid';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  DataIngestedSchema, DataValidatedSchema, decodeEvent, event, PipelineAppliedSchema, pipelineStream, RefitError, RunRequestedSchema,
  runStream, shortTypeName, Step, streamSubject, type RunEvent,
} from '@refit/contracts';
import type { EventStore, RecordedEvent } from '@refit/event-store';
import { openSqliteEventStore } from '@refit/event-store/sqlite';
import { decideCancel, evolveRun, initialRun, runDecider, type RunState } from '@refit/run';
import { handle, toNewEvents } from './command-handling.js';
import { startHeartbeat } from './heartbeat.js';
import type { OpenRuns } from './open-runs.js';
import { pipelineSpecs } from './pipeline-specs.js';
import { StepEngine } from './step-engine.js';
import type { StepContext, StepHandler } from './step.js';

const silent = { debug() {}, info() {}, warn() {}, error() {} };
const leaseTtlMs = 400;

let folder: string;
let store: EventStore;
let running: { stop(): Promise<void> | void }[];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'refit-saga-'));
  store = await openSqliteEventStore({ file: join(folder, 'events.sqlite') });
  running = [];
  await store.append(pipelineStream('p'), toNewEvents([event(PipelineAppliedSchema, { version: 1, spec: { name: 'p' } })], {}), 'no-stream');
});

afterEach(async () => {
  for (const part of [...running].reverse()) await part.stop();
  await store.close();
  await rm(folder, { recursive: true });
});

function foldOne(state: RunState, recorded: RecordedEvent): RunState {
  try {
    return evolveRun(state, decodeEvent(recorded) as RunEvent);
  } catch {
    return state;
  }
}

/** The open runs, folded in memory from the log. */
function watchRuns(): OpenRuns & { stop(): Promise<void> } {
  const states = new Map<string, RunState>();
  const abort = new AbortController();
  const watching = (async () => {
    for await (const message of store.subscribe({ filter: { streamPrefixes: ['run-'] }, signal: abort.signal })) {
      if (message.kind !== 'event') continue;
      const runId = streamSubject(message.event.stream);
      states.set(runId, foldOne(states.get(runId) ?? initialRun, message.event));
    }
  })().catch(() => {});
  const entries = () => [...states].map(([runId, state]) => ({ runId, state }));
  return {
    due: (steps, now) => entries().flatMap(({ runId, state }) =>
      state.status === 'due' && steps.includes(state.due.step) && state.due.notBefore <= now ? [{ runId, step: state.due.step }] : []),
    working: (steps) => entries().flatMap(({ runId, state }) =>
      state.status === 'working' && steps.includes(state.claim.step) ? [{ runId, ...state.claim }] : []),
    async stop() {
      abort.abort();
      await watching;
    },
  };
}

function engine(handlers: readonly StepHandler[], over: { instanceId?: string; predecessor?: string; soleInstance?: boolean; slots?: number; heartbeat?: boolean } = {}): StepEngine {
  const { instanceId = uuid(), predecessor, soleInstance = false, slots = 1, heartbeat = true } = over;
  const openRuns = watchRuns();
  const made = new StepEngine({
    store, handlers, openRuns, specs: pipelineSpecs(store), instanceId, ...(predecessor !== undefined && { predecessor }), soleInstance, slots, logger: silent, leaseTtlMs, scanIntervalMs: 50, retryDelayMs: 20,
  });
  if (heartbeat) running.push(startHeartbeat({ store, instanceId, leaseTtlMs, logger: silent }));
  running.push(openRuns, made);
  made.start();
  return made;
}

const handler = (step: Step, work: (context: StepContext) => Promise<readonly RunEvent[]> | readonly RunEvent[], more: Partial<StepHandler> = {}): StepHandler =>
  ({ step, work: async (context) => work(context), ...more });
const ingest = handler(Step.INGEST, () => [event(DataIngestedSchema, { dataset: 'd' })]);
const validate = handler(Step.VALIDATE, () => [event(DataValidatedSchema, {})]);
const never = (signal: AbortSignal) => new Promise<never>((_, reject) => signal.addEventListener('abort', () => reject(signal.reason as Error)));

async function request(plan: Step[] = [Step.INGEST, Step.VALIDATE]): Promise<string> {
  const runId = uuid();
  await store.append(runStream(runId), toNewEvents([event(RunRequestedSchema, { runId, pipeline: 'p', specVersion: 1, plan })], {}), 'no-stream');
  return runId;
}

async function journal(runId: string): Promise<string[]> {
  const types: string[] = [];
  for await (const e of store.readStream(runStream(runId))) types.push(shortTypeName(e.type));
  return types;
}

const ended = async (runId: string, last: string) => await expect.poll(() => journal(runId), { timeout: 8000, interval: 10 }).toContain(last);

describe('the saga', () => {
  it('finds every due step by its scan alone, without one message from the bus', async () => {
    engine([ingest, validate]);
    const runId = await request();
    await ended(runId, 'RunCompleted');
    expect(await journal(runId)).toEqual(['RunRequested', 'StepClaimed', 'DataIngested', 'StepClaimed', 'DataValidated', 'RunCompleted']);
  });

  it('does a step once, however many engines and hints there are', async () => {
    let works = 0;
    const counting = handler(Step.INGEST, async () => {
      works++;
      await new Promise((resolve) => setTimeout(resolve, 30));
      return [event(DataIngestedSchema, {})];
    });
    const engines = [1, 2, 3].map(() => engine([counting, validate]));
    const runIds = await Promise.all(Array.from({ length: 5 }, () => request()));
    for await (const e of store.readAll({ filter: { streamPrefixes: ['run-'] } })) for (const one of [...engines, ...engines]) one.hint(e);
    for (const runId of runIds) await ended(runId, 'RunCompleted');
    expect(works).toBe(5);
    for (const runId of runIds) expect((await journal(runId)).filter((t) => t === 'StepClaimed')).toHaveLength(2);
  });

  it('works on no more runs at once than it has slots, the oldest first', async () => {
    let atOnce = 0;
    let most = 0;
    const order: string[] = [];
    engine([handler(Step.INGEST, async ({ runId }) => {
      order.push(runId);
      most = Math.max(most, ++atOnce);
      await new Promise((resolve) => setTimeout(resolve, 15));
      atOnce--;
      return [event(DataIngestedSchema, {})];
    })], { slots: 2 });
    const runIds: string[] = [];
    for (let i = 0; i < 6; i++) runIds.push(await request([Step.INGEST]));
    for (const runId of runIds) await ended(runId, 'RunCompleted');
    expect(most).toBe(2);
    // Two begin together, so neighbours may change places.
    order.forEach((runId, place) => expect(Math.abs(runIds.indexOf(runId) - place)).toBeLessThanOrEqual(1));
  });

  it('takes over from an instance that died, and refuses what that one brings later', async () => {
    let finishLate = () => {};
    const stalled = handler(Step.INGEST, async () => {
      await new Promise<void>((resolve) => (finishLate = resolve));
      return [event(DataIngestedSchema, { dataset: 'from the dead' })];
    });
    engine([stalled], { instanceId: 'dead', heartbeat: false });
    const runId = await request([Step.INGEST]);
    await expect.poll(() => journal(runId)).toContain('StepClaimed');
    engine([ingest], { instanceId: 'alive' });
    await ended(runId, 'RunCompleted');
    finishLate();
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(await journal(runId)).toEqual(['RunRequested', 'StepClaimed', 'StepClaimed', 'DataIngested', 'RunCompleted']);
  });

  it('goes on at once where its predecessor was killed, whatever that one\'s heartbeat looks like', async () => {
    engine([handler(Step.INGEST, () => new Promise(() => {}))], { instanceId: 'before' });
    const runId = await request([Step.INGEST]);
    await expect.poll(() => journal(runId)).toContain('StepClaimed');
    engine([ingest], { predecessor: 'before' });
    await ended(runId, 'RunCompleted');
    expect(await journal(runId)).toEqual(['RunRequested', 'StepClaimed', 'StepClaimed', 'DataIngested', 'RunCompleted']);
  });

  it('leaves the lease of a living instance alone, however long it works', async () => {
    let finish = () => {};
    engine([handler(Step.INGEST, async () => {
      await new Promise<void>((resolve) => (finish = resolve));
      return [event(DataIngestedSchema, {})];
    })]);
    const runId = await request([Step.INGEST]);
    await expect.poll(() => journal(runId)).toContain('StepClaimed');
    engine([ingest]);
    await new Promise((resolve) => setTimeout(resolve, 3 * leaseTtlMs));
    finish();
    await ended(runId, 'RunCompleted');
    expect((await journal(runId)).filter((t) => t === 'StepClaimed')).toHaveLength(1);
  });

  it('stops the work of a cancelled run at once', async () => {
    let stopped: unknown;
    engine([handler(Step.INGEST, ({ signal }) => never(signal).catch((reason: unknown) => {
      stopped = reason;
      throw reason;
    }))]);
    const runId = await request();
    await expect.poll(() => journal(runId)).toContain('StepClaimed');
    await handle(store, runStream(runId), runDecider, (state) => decideCancel(state, { actor: 'ada', reason: 'no need' }), {});
    await expect.poll(() => stopped, { timeout: 2000 }).toBe('cancelled');
    expect(await journal(runId)).toEqual(['RunRequested', 'StepClaimed', 'RunCancelled']);
  });

  it('gives its leases back when it is stopped, so that another goes on at once', async () => {
    const first = engine([handler(Step.INGEST, ({ signal }) => never(signal))]);
    const runId = await request([Step.INGEST]);
    await expect.poll(() => journal(runId)).toContain('StepClaimed');
    await first.stop();
    engine([ingest]);
    await ended(runId, 'RunCompleted');
    expect(await journal(runId)).toEqual(['RunRequested', 'StepClaimed', 'StepFailed', 'StepClaimed', 'DataIngested', 'RunCompleted']);
  });

  it('tries a retryable failure again, fails the run on a fatal one, and poisons it on the third unexplained one', async () => {
    let failures = 0;
    const flaky = handler(Step.INGEST, () => {
      if (failures++ < 2) throw new RefitError('STORE_UNAVAILABLE', 'a moment');
      return [event(DataIngestedSchema, {})];
    });
    const flakyEngine = engine([flaky]);
    const flakyRun = await request([Step.INGEST]);
    await ended(flakyRun, 'RunCompleted');
    expect((await journal(flakyRun)).filter((t) => t === 'StepFailed')).toHaveLength(2);
    await flakyEngine.stop();

    const fatal = engine([handler(Step.INGEST, () => { throw new RefitError('DATA_EMPTY', 'nothing there'); })]);
    const fatalRun = await request([Step.INGEST]);
    await ended(fatalRun, 'RunFailed');
    expect(await journal(fatalRun)).toEqual(['RunRequested', 'StepClaimed', 'StepFailed', 'AlertRaised', 'RunFailed']);
    await fatal.stop();

    engine([handler(Step.INGEST, () => { throw new TypeError('undefined is not a function'); })]);
    const poisoned = await request([Step.INGEST]);
    await ended(poisoned, 'RunFailed');
    expect((await journal(poisoned)).filter((t) => t === 'StepFailed')).toHaveLength(3);
  });

  it('lets a step have its time and no more', async () => {
    engine([handler(Step.INGEST, () => new Promise(() => {}), { timeoutMs: 20 })]);
    const runId = await request([Step.INGEST]);
    await ended(runId, 'RunFailed');
    for await (const e of store.readStream(runStream(runId), { direction: 'backwards', limit: 1 })) {
      expect(decodeEvent(e)).toMatchObject({ code: 'STEP_TIMEOUT', message: expect.stringContaining('tried 5 times') });
    }
  });

  it('ends a run whose stream cannot be read, once', async () => {
    const one = engine([ingest]);
    const runId = uuid();
    const unreadable = { id: uuid(), type: 'refit.run.v1.RunRequested', data: { plan: { not: 'a plan' } }, metadata: {} };
    await store.append(runStream(runId), [unreadable], 'no-stream');
    for (let times = 0; times < 3; times++) {
      for await (const e of store.readStream(runStream(runId), { limit: 1 })) one.hint(e);
      await ended(runId, 'RunFailed');
    }
    expect(await journal(runId)).toEqual(['RunRequested', 'StepFailed', 'AlertRaised', 'RunFailed']);
  });
});
