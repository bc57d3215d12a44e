import { create } from '@bufbuild/protobuf';
import { PipelineSpecSchema, ReasonKind, type Reason } from '@refit/contracts';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Clock } from '../clock.js';
import type { Intake } from '../intake/intake.js';
import type { Pipeline, PipelineRegistry } from '../pipelines/pipeline-registry.js';
import { occurrencesOf } from './occurrences.js';
import { Schedules } from './schedules.js';

const at = (time: string) => Date.parse(time);
const iso = (ms: number | undefined) => (ms === undefined ? undefined : new Date(ms).toISOString());

describe('the occurrences of a schedule', () => {
  const sixInBerlin = occurrencesOf({ cron: '0 6 * * *', timeZone: 'Europe/Berlin' });

  // The European Union's summer time of 2001: from 25 March, 01:00 UTC, to 28 October, 01:00 UTC (directive 97/44/EC).
  it.each([
    ['in winter', '2001-02-05T12:00:00Z', '2001-02-06T05:00:00.000Z'],
    ['over the start of summer time', '2001-03-24T12:00:00Z', '2001-03-25T04:00:00.000Z'],
    ['over its end', '2001-10-27T12:00:00Z', '2001-10-28T05:00:00.000Z'],
    ['strictly after', '2001-02-06T05:00:00Z', '2001-02-07T05:00:00.000Z'],
  ])('follow their time zone %s', (_name, after, next) => {
    expect(iso(sixInBerlin.next(at(after)))).toBe(next);
  });

  it('are known backwards too', () => {
    expect(iso(sixInBerlin.last(at('2001-02-06T05:00:00Z')))).toBe('2001-02-06T05:00:00.000Z');
    expect(iso(sixInBerlin.last(at('2001-02-06T04:59:59.999Z')))).toBe('2001-02-05T05:00:00.000Z');
  });

  it('are in UTC when no time zone is named', () => {
    expect(iso(occurrencesOf({ cron: '0 6 * * *', timeZone: '' }).next(at('2001-02-05T00:00:00Z')))).toBe('2001-02-05T06:00:00.000Z');
  });
});

describe('scheduled reasons', () => {
  let judged: { pipeline: string; reason: Reason }[];
  let pipelines: Pipeline[];
  let changed: ((pipeline: string) => void) | undefined;

  beforeEach(() => {
    vi.useFakeTimers({ now: at('2001-02-05T12:00:00Z') });
    judged = [];
    pipelines = [pipeline(['0 6 * * *'])];
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  const pipeline = (crons: readonly string[], appliedAt = 0): Pipeline => ({
    name: 'flights', specVersion: 1, specHash: 'h', paused: false, appliedAt,
    spec: create(PipelineSpecSchema, { name: 'flights', triggers: { schedules: crons.map((cron) => ({ cron, timeZone: 'Europe/Berlin' })) } }),
  });
  const started = async () => {
    const registry = {
      ready: () => Promise.resolve(),
      all: () => pipelines,
      get: () => pipelines[0],
      onChange: (listener: (pipeline: string) => void) => {
        changed = listener;
        return () => {};
      },
    } as Partial<PipelineRegistry> as PipelineRegistry; // what schedules use of it
    const intake = { judgeOnce: (name: string, reason: Reason) => Promise.resolve(judged.push({ pipeline: name, reason })) } as Partial<Record<keyof Intake, unknown>> as Intake; // likewise
    const schedules = new Schedules({ logger: { error: () => {} } as never }, registry, intake, new Clock()); // only errors are logged
    await schedules.onApplicationBootstrap();
    return schedules;
  };
  const until = (time: string) => vi.advanceTimersByTimeAsync(at(time) - Date.now());

  it('come at each occurrence, with an id made of it', async () => {
    const schedules = await started();
    await until('2001-02-08T00:00:00Z');
    expect(judged.map(({ reason }) => reason.id)).toEqual(['cron:flights:2001-02-06T05:00:00.000Z', 'cron:flights:2001-02-07T05:00:00.000Z']);
    expect(judged[0]).toMatchObject({ pipeline: 'flights', reason: { kind: ReasonKind.SCHEDULE, source: '/refit/schedules', summary: 'schedule 0 6 * * * (Europe/Berlin)' } });
    await schedules.onApplicationShutdown();
  });

  it('of several schedules at the same time are one', async () => {
    pipelines = [pipeline(['0 6 * * *', '0 6 * * 2'])];
    const schedules = await started();
    await until('2001-02-06T12:00:00Z'); // a Tuesday
    expect(judged).toHaveLength(1);
    await schedules.onApplicationShutdown();
  });

  it('follow a change of the pipeline', async () => {
    const schedules = await started();
    pipelines = [pipeline(['30 13 * * *'])];
    changed?.('flights');
    await until('2001-02-06T12:00:00Z');
    expect(judged.map(({ reason }) => reason.id)).toEqual(['cron:flights:2001-02-05T12:30:00.000Z']);
    await schedules.onApplicationShutdown();
  });

  it('that fell into a restart are made up for, with the same id', async () => {
    vi.setSystemTime(at('2001-02-06T05:10:00Z'));
    const schedules = await started();
    await vi.advanceTimersByTimeAsync(1000);
    expect(judged.map(({ reason }) => reason.id)).toEqual(['cron:flights:2001-02-06T05:00:00.000Z']);
    await schedules.onApplicationShutdown();
  });

  it.each([
    ['are long past', '2001-02-06T05:20:00Z', 0],
    ['lie before the pipeline was applied', '2001-02-06T05:10:00Z', at('2001-02-06T05:05:00Z')],
  ])('are not made up for when they %s', async (_name, now, appliedAt) => {
    vi.setSystemTime(at(now));
    pipelines = [pipeline(['0 6 * * *'], appliedAt)];
    const schedules = await started();
    await vi.advanceTimersByTimeAsync(1000);
    expect(judged).toEqual([]);
    await schedules.onApplicationShutdown();
  });

  it('come once for all that the machine has slept over', async () => {
    pipelines = [pipeline(['* * * * *'])];
    const schedules = await started();
    vi.setSystemTime(at('2001-02-05T13:00:10Z'));
    await vi.advanceTimersByTimeAsync(60_000);
    expect(judged.map(({ reason }) => reason.id)).toEqual(['cron:flights:2001-02-05T12:00:00.000Z', 'cron:flights:2001-02-05T13:01:00.000Z']);
    await schedules.onApplicationShutdown();
  });
});
