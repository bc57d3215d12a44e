import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it, vi } from 'vitest';
import type { FetchedRecord, PartitionOffset } from './kafka-client.js';
import { PartitionsHeld, type Flow } from './partitions-held.js';

const place = { topic: 'topic', partition: 0 };
const at = (offset: number): PartitionOffset => ({ ...place, offset: BigInt(offset) });
const record = (offset: number, bytes = 1): FetchedRecord => ({ offset: BigInt(offset), key: undefined, headers: [], value: Buffer.alloc(bytes) });
const records = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => record(from + i));
const eventually = <T>(check: () => T) => vi.waitFor(check, { timeout: 10_000, interval: 2 });

function held(work: (offsets: number[]) => Promise<void> | void = () => {}, batchSize = 10) {
  const done: number[] = [];
  const failures: string[] = [];
  const flow = { pause: vi.fn<Flow['pause']>(), resume: vi.fn<Flow['resume']>() };
  const partitions = new PartitionsHeld(() => ({
    batchSize,
    work: async (batch) => {
      const offsets = batch.map(({ offset }) => Number(offset));
      await work(offsets);
      done.push(...offsets);
    },
    onFailure: (error) => failures.push(String(error)),
  }));
  return { partitions, done, failures, flow, deliver: (batch: readonly FetchedRecord[]) => partitions.deliver(place, batch, flow) };
}

const upTo = (end: number) => Array.from({ length: end }, (_, i) => i);

describe('the partitions that a process holds', () => {
  it('are done in order, and what is done is to be committed once', async () => {
    const { partitions, done, deliver } = held();
    partitions.assign('me', [place], []);
    await deliver(records(0, 25));
    await eventually(() => expect(done).toEqual(upTo(25)));
    expect(partitions.uncommitted()).toEqual([at(25)]);
    partitions.committed([at(25)]);
    expect(partitions.uncommitted()).toEqual([]);
  });

  it('are committed up to what is done, while a handler is at work', async () => {
    const { promise: released, resolve: release } = Promise.withResolvers<void>();
    const { partitions, deliver } = held(([first]) => (first === 10 ? released : undefined));
    partitions.assign('me', [place], []);
    await deliver(records(0, 25));
    await eventually(() => expect(partitions.uncommitted()).toEqual([at(10)]));
    release();
    await eventually(() => expect(partitions.uncommitted()).toEqual([at(25)]));
  });

  it('begin where they are told to, and say so to the broker', () => {
    const { partitions } = held();
    partitions.assign('me', [place], [at(7)]);
    expect(partitions.uncommitted()).toEqual([at(7)]);
  });

  it('are paused when there is no room for long, and resumed when there is', async () => {
    const { promise: released, resolve: release } = Promise.withResolvers<void>();
    const { partitions, done, flow, deliver } = held(() => released);
    partitions.assign('me', [place], []);
    await deliver(Array.from({ length: 30 }, (_, i) => record(i, 40_000)));
    expect(flow.pause).toHaveBeenCalledTimes(1);
    expect(flow.resume).not.toHaveBeenCalled();
    release();
    await eventually(() => expect(flow.resume).toHaveBeenCalledTimes(1));
    await eventually(() => expect(done).toEqual(upTo(30)));
  });

  it('make their consumer wait, and are not paused, when there is room soon', async () => {
    const { partitions, done, flow, deliver } = held(() => sleep(5));
    partitions.assign('me', [place], []);
    for (let from = 0; from < 400; from += 100) await deliver(Array.from({ length: 100 }, (_, i) => record(from + i, 10_000)));
    await eventually(() => expect(done).toEqual(upTo(400)));
    expect(flow.pause).not.toHaveBeenCalled();
  });

  it('hand over again what was refused, until it is taken', async () => {
    let refusals = 2;
    const { partitions, done, failures, deliver } = held(() => {
      if (refusals-- > 0) throw new Error('not now');
    });
    partitions.assign('me', [place], []);
    await deliver(records(0, 3));
    await eventually(() => expect(done).toEqual([0, 1, 2]));
    expect(failures).toEqual(['Error: not now', 'Error: not now']);
  });

  it('go on where they are when the group is given out anew and the broker repeats what it was not told of', async () => {
    const { partitions, done, deliver } = held();
    partitions.assign('me', [place], []);
    await deliver(records(0, 5));
    await eventually(() => expect(done).toHaveLength(5));
    partitions.assign('me', [place, { topic: 'topic', partition: 1 }], []);
    await deliver(records(0, 8));
    await eventually(() => expect(done).toEqual(upTo(8)));
  });

  it('drop what waits when they go to another member, end what is under way, and commit nothing of it', async () => {
    const { promise: released, resolve: release } = Promise.withResolvers<void>();
    const { partitions, done, deliver } = held(() => released);
    partitions.assign('me', [place], []);
    await deliver(records(0, 25));
    partitions.assign('me', [], []);
    await deliver(records(25, 30));
    release();
    await partitions.stop();
    expect(done).toEqual(upTo(10));
    expect(partitions.uncommitted()).toEqual([]);
  });

  it('begin anew when the group had taken this process for dead: others have been there since', async () => {
    const { promise: released, resolve: release } = Promise.withResolvers<void>();
    const { partitions, done, deliver } = held(([first]) => (first === 0 ? released : undefined));
    partitions.assign('me', [place], []);
    await deliver(records(0, 25));
    partitions.assign('me again', [place], []);
    await deliver(records(40, 42));
    release();
    await partitions.stop();
    expect(done).toContain(41);
    expect(done).not.toContain(10);
    expect(partitions.uncommitted()).toEqual([at(42)]);
  });

  it('take a topic that was deleted and made again from its beginning', async () => {
    const { partitions, done, deliver } = held();
    partitions.assign('me', [place], []);
    await deliver(records(10, 15));
    await eventually(() => expect(done).toHaveLength(5));
    partitions.committed(partitions.uncommitted());
    await deliver(records(0, 3));
    await eventually(() => expect(done).toEqual([10, 11, 12, 13, 14, 0, 1, 2]));
    expect(partitions.uncommitted()).toEqual([at(3)]);
  });

  it('begin nothing more once stopped', async () => {
    const { partitions, done, deliver } = held();
    partitions.assign('me', [place], []);
    await deliver(records(0, 25));
    await partitions.stop();
    await deliver(records(25, 30));
    expect(done).toEqual(upTo(10));
    expect(partitions.uncommitted()).toEqual([at(10)]);
  });
});
