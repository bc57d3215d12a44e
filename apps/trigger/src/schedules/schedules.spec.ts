import { create } from '@bufbuild/protobuf';
import { CatchUpPolicy, decodeEvent, PipelineSpecSchema, triggerStream, Verdict, type ReasonJudged, type Schedule } from '@refit/contracts';
import type { EventStore } from '@refit/event-store';
import { scheduleKey } from '@refit/triggering';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Clock } from '../clock.js';
import type { Pipeline, PipelineRegistry } from '../pipelines/pipeline-registry.js';
import { MemoryLog } from '../testing/memory-log.js';
import { PipelineTrigger } from '../triggers/pipeline-trigger.js';
import type { Triggers } from '../triggers/triggers.js';
import { Schedules } from './schedules.js';

const at = (time: string) => Date.parse(time);

describe('scheduled reasons', () => {
  let log: MemoryLog;
  let pipeline: Pipeline;
  let changed: ((pipeline: string) => void) | undefined;
  let running: Schedules[];

  beforeEach(() => {
    vi.useFakeTimers({ now: at('2001-02-05T12:00:00Z') });
    log = new MemoryLog();
    pipeline = withSchedules('0 6 * * *');
    running = [];
  });
  afterEach(async () => {
    await stop();
    vi.useRealTimers();
  });

  const withSchedules = (cron: string, { catchUp = CatchUpPolicy.LATEST, since = '2001-02-05T12:00Z', paused = false } = {}): Pipeline => {
    const schedule = { cron, timeZone: 'Europe/Berlin', catchUp };
    return {
      name: 'flights', specVersion: 1, specHash: 'h', paused, appliedAt: 0, scheduledSince: new Map([[scheduleKey(schedule as Schedule), at(since)]]), // a schedule's fields
      spec: create(PipelineSpecSchema, { name: 'flights', triggers: { schedules: [schedule], concurrency: 2 } }),
    };
  };
  /** A process with schedules and a trigger of its own, on the one log. */
  const start = async (store: Pick<EventStore, 'append' | 'readStream'> = log, { clock = new Clock(), judgeSchedules }: { readonly clock?: Clock; readonly judgeSchedules?: () => Promise<void> } = {}) => {
    const registry = {
      ready: () => Promise.resolve(),
      all: () => [pipeline],
      get: () => pipeline,
      onChange: (listener: (name: string) => void) => {
        changed = listener;
        return () => {};
      },
    } as Partial<PipelineRegistry> as PipelineRegistry; // what schedules use of it
    const trigger = new PipelineTrigger('flights', store as EventStore, clock, () => pipeline); // it uses nothing else
    if (judgeSchedules) trigger.judgeSchedules = judgeSchedules;
    const triggers = { of: () => trigger, wakeWhenDue: () => {} } as Partial<Triggers> as Triggers; // likewise
    const schedules = new Schedules({ logger: { error: () => {} } as never }, registry, triggers, clock); // only errors are logged
    await schedules.onApplicationBootstrap();
    await vi.advanceTimersByTimeAsync(1);
    running.push(schedules);
    return schedules;
  };
  const stop = () => Promise.all(running.splice(0).map((schedules) => schedules.onApplicationShutdown()));
  const until = (time: string) => vi.advanceTimersByTimeAsync(at(time) - Date.now());
  const judged = async () => {
    const found: ReasonJudged[] = [];
    for await (const recorded of log.readStream(triggerStream('flights'))) {
      const event = decodeEvent(recorded);
      if (event?.$typeName === 'refit.trigger.v1.ReasonJudged') found.push(event);
    }
    return found;
  };
  const wanted = async () => (await judged()).filter(({ verdict }) => verdict !== Verdict.SKIPPED).map(({ reason }) => reason?.id.replace('cron:flights:', ''));
  const skipped = async () => (await judged()).filter(({ verdict }) => verdict === Verdict.SKIPPED).map(({ why }) => why);

  it('are looked at once an occurrence has passed, also one that passes between two looks at the clock', async () => {
    const hesitant = new (class extends Clock {
      #last = 0;
      override now() {
        const isFirst = this.#last !== Date.now();
        this.#last = Date.now();
        return Date.now() - (isFirst ? 1 : 0);
      }
    })();
    pipeline = withSchedules('* * * * *');
    const looks: number[] = [];
    const judgeSchedules = async () => void looks.push(hesitant.now());
    await start(log, { clock: hesitant, judgeSchedules });
    await until('2001-02-05T12:01:01Z');
    expect(looks.filter((time) => time >= at('2001-02-05T12:01:00Z'))).not.toEqual([]);
  });

  it('come at each occurrence', async () => {
    await start();
    await until('2001-02-08T00:00:00Z');
    expect(await wanted()).toEqual(['2001-02-06T05:00:00.000Z', '2001-02-07T05:00:00.000Z']);
    expect((await judged())[0]?.reason).toMatchObject({ source: '/refit/schedules', summary: 'schedule 0 6 * * * (Europe/Berlin)' });
  });

  it('come once of two processes', async () => {
    await Promise.all([start(), start()]);
    await until('2001-02-08T00:00:00Z');
    expect(await judged()).toHaveLength(2);
  });

  it.each([[0], [1], [7]])('come once of two processes that decide at the same moment, the store %i ms away', async (ms) => {
    pipeline = withSchedules('* * * * *');
    let refused = 0;
    const slow: Pick<EventStore, 'append' | 'readStream'> = {
      async append(...args) {
        await new Promise((resolve) => setTimeout(resolve, ms));
        return log.append(...args).catch((error: unknown) => {
          refused++;
          throw error;
        });
      },
      readStream: (...args) => log.readStream(...args),
    };
    await start(slow);
    await start(slow);
    await until('2001-02-05T12:05:30Z');
    const reasons = (await judged()).map(({ reason }) => reason?.id);
    expect(reasons).toEqual([1, 2, 3, 4, 5].map((minute) => `cron:flights:2001-02-05T12:0${minute}:00.000Z`));
    expect(refused).toBeGreaterThan(0); // they met
  });

  it('follow a change of the pipeline', async () => {
    await start();
    pipeline = { ...withSchedules('30 13 * * *', { since: '2001-02-05T12:00:00Z' }), specVersion: 2 };
    changed?.('flights');
    await until('2001-02-06T12:00:00Z');
    expect(await wanted()).toEqual(['2001-02-05T12:30:00.000Z']);
  });

  it.each([
    [CatchUpPolicy.NONE, [], ['3 occurrences passed, from 2001-02-06T05:00:00.000Z to 2001-02-08T05:00:00.000Z. Nobody watched then, and the schedule makes up for none.']],
    [CatchUpPolicy.LATEST, ['2001-02-08T05:00:00.000Z'], ['2 occurrences passed, from 2001-02-06T05:00:00.000Z to 2001-02-07T05:00:00.000Z. Nobody watched then, and the schedule makes up for the latest only.']],
    [CatchUpPolicy.ALL, ['2001-02-06T05:00:00.000Z', '2001-02-07T05:00:00.000Z', '2001-02-08T05:00:00.000Z'], []],
  ])('that fell into a time when nothing ran are made up for as their schedule says (%i), once', async (catchUp, starts, records) => {
    pipeline = withSchedules('0 6 * * *', { catchUp });
    await start();
    await until('2001-02-05T20:00:00Z');
    await stop();
    vi.setSystemTime(at('2001-02-08T12:00:00Z'));
    await Promise.all([start(), start()]);
    expect([await wanted(), await skipped()]).toEqual([starts, records]);
    await stop();
    await start();
    await until('2001-02-09T05:00:01Z');
    expect([(await wanted()).slice(0, -1), (await wanted()).at(-1), await skipped()]).toEqual([starts, '2001-02-09T05:00:00.000Z', records]);
  });

  it('are made up for from where a process that died has come to', async () => {
    pipeline = withSchedules('0 * * * *', { catchUp: CatchUpPolicy.ALL, since: '2001-02-05T00:00Z' });
    let appends = 0;
    const dying: Pick<EventStore, 'append' | 'readStream'> = {
      readStream: (...args) => log.readStream(...args),
      append: (...args) => (++appends > 5 ? new Promise<never>(() => {}) : log.append(...args)),
    };
    await start(dying);
    running.pop(); // it hangs for ever
    const before = (await wanted()).length;
    expect(before).toBeGreaterThan(0);
    await start();
    expect(await wanted()).toEqual(Array.from({ length: 13 }, (_, i) => new Date(at('2001-02-05T00:00Z') + i * 3_600_000).toISOString()).slice(1));
  });

  it('of a paused pipeline are recorded as skipped', async () => {
    pipeline = withSchedules('0 6 * * *', { paused: true, since: '2001-02-02T00:00Z' });
    await start();
    await until('2001-02-06T12:00:00Z');
    expect([await wanted(), await skipped()]).toEqual([[], ['4 occurrences passed, from 2001-02-02T05:00:00.000Z to 2001-02-05T05:00:00.000Z. The pipeline is paused.', 'The pipeline is paused.']]);
  });

  it('come after trouble with the store', async () => {
    let broken = true;
    await start({ append: (...args) => (broken ? Promise.reject(new Error('the disk is gone')) : log.append(...args)), readStream: (...args) => log.readStream(...args) });
    await until('2001-02-06T05:00:10Z');
    broken = false;
    await until('2001-02-06T05:01:00Z');
    expect(await wanted()).toEqual(['2001-02-06T05:00:00.000Z']);
  });

  it('come once for all that the machine has slept over', async () => {
    pipeline = withSchedules('* * * * *', { since: '2001-02-05T12:00:00Z' });
    await start();
    vi.setSystemTime(at('2001-02-05T13:00:10Z'));
    await vi.advanceTimersByTimeAsync(60_000);
    expect(await wanted()).toEqual(['2001-02-05T13:01:00.000Z']);
    expect(await skipped()).toEqual([expect.stringContaining('60 occurrences passed')]);
  });

  it('come soon when the clock is put forward, and are not doubled when it is put back', async () => {
    await start();
    vi.setSystemTime(at('2001-02-06T05:00:30Z'));
    await vi.advanceTimersByTimeAsync(61_000);
    vi.setSystemTime(at('2001-02-06T04:30:00Z'));
    await vi.advanceTimersByTimeAsync(3_600_000);
    expect(await wanted()).toEqual(['2001-02-06T05:00:00.000Z']);
  });
});
