import { expect, it } from 'vitest';
import { comparePositions, type EventStore } from '../event-store.js';
import { appendMany, at, collect, ids, newEvent, newEvents, readPrefix, uniqueName } from './sample-events.js';

export function readContract(open: () => EventStore): void {
  it('finds an unknown stream empty', async () => {
    const [store, stream] = [open(), uniqueName()];
    expect(await collect(store.readStream(stream))).toEqual([]);
    expect(await collect(store.readStream(stream, { direction: 'backwards' }))).toEqual([]);
    expect(await readPrefix(store, stream)).toEqual([]);
  });

  it('reads a stream from any revision, in both directions, up to a limit', async () => {
    const [store, stream] = [open(), uniqueName()];
    await appendMany(store, [stream, uniqueName()], 4000, { group: 500 });
    const revisions = async (options: Parameters<EventStore['readStream']>[1]) => (await collect(store.readStream(stream, options))).map((event) => event.revision);
    const all = Array.from({ length: 2000 }, (_, index) => index);
    expect(await revisions({})).toEqual(all);
    expect(await revisions({ from: 700 })).toEqual(all.slice(700));
    expect(await revisions({ from: 3, limit: 1200 })).toEqual(all.slice(3, 1203));
    expect(await revisions({ from: 1999 })).toEqual([1999]);
    expect(await revisions({ from: 2000 })).toEqual([]);
    expect(await revisions({ limit: 0 })).toEqual([]);
    expect(await revisions({ direction: 'backwards' })).toEqual(all.toReversed());
    expect(await revisions({ direction: 'backwards', from: 800, limit: 700 })).toEqual(all.slice(101, 801).toReversed());
    expect(await revisions({ direction: 'backwards', from: 0 })).toEqual([0]);
    expect(await revisions({ direction: 'backwards', from: 5000, limit: 2 })).toEqual([1999, 1998]);
  });

  it('reads the whole log after and before a position, exclusive', async () => {
    const store = open();
    const prefix = uniqueName();
    for (let index = 0; index < 30; index += 1) await store.append(`${prefix}-${index % 3}`, newEvents(1, 'Happened', index), 'any');
    const filter = { streamPrefixes: [prefix] };
    const all = await readPrefix(store, prefix);
    expect(all.map((event) => event.data['number'])).toEqual(Array.from({ length: 30 }, (_, index) => index));
    expect(all.map((event) => event.position)).toEqual(all.map((event) => event.position).toSorted(comparePositions));
    const middle = at(all, 12).position;
    expect(await collect(store.readAll({ after: middle, filter }))).toEqual(all.slice(13));
    expect(await collect(store.readAll({ after: middle, filter, limit: 4 }))).toEqual(all.slice(13, 17));
    expect(await collect(store.readAll({ after: middle, filter, direction: 'backwards' }))).toEqual(all.slice(0, 12).toReversed());
    expect(await collect(store.readAll({ filter, direction: 'backwards', limit: 5 }))).toEqual(all.slice(25).toReversed());
    expect(await collect(store.readAll({ after: at(all, 29).position }))).toEqual([]);
  });

  it('reads without a filter what everybody wrote', async () => {
    const [store, stream] = [open(), uniqueName()];
    const first = await store.append(stream, newEvents(1), 'no-stream');
    const events = newEvents(3);
    await store.append(uniqueName(), events, 'no-stream');
    expect(ids(await collect(store.readAll({ after: first.position })))).toEqual(ids(events));
    expect(await store.head()).toBe((await collect(store.readAll({ direction: 'backwards', limit: 1 })))[0]?.position);
  });

  it('filters by stream prefixes, by types, and by both', async () => {
    const store = open();
    const prefix = uniqueName();
    for (const stream of ['run-1', 'run-2', 'model-1', 'Run-3']) await store.append(`${prefix}${stream}`, [newEvent('Started'), newEvent('Ended'), newEvent('ended')], 'no-stream');
    const found = async (streams: string[], types?: string[]) =>
      (await collect(store.readAll({ filter: { streamPrefixes: streams.map((stream) => prefix + stream), ...(types && { types }) } }))).map((event) => `${event.stream.slice(prefix.length)} ${event.type}`);
    expect(await found(['run-'], ['Ended'])).toEqual(['run-1 Ended', 'run-2 Ended']);
    expect(await found(['model-', 'run-2'], ['Started', 'ended'])).toEqual(['run-2 Started', 'run-2 ended', 'model-1 Started', 'model-1 ended']);
    expect(await found(['model-'])).toEqual(['model-1 Started', 'model-1 Ended', 'model-1 ended']);
    expect(await found(['r%', 'run_', '*', 'un-'])).toEqual([]);
    expect(await found([])).toEqual([]);
    expect(await found(['run-'], [])).toEqual([]);
    const ofType = await collect(store.readAll({ direction: 'backwards', limit: 4, filter: { types: ['Ended'] } }));
    expect(ofType.map((event) => event.stream.slice(prefix.length))).toEqual(['Run-3', 'model-1', 'run-2', 'run-1']);
  });

  it('can be left at any event', async () => {
    const [store, stream] = [open(), uniqueName()];
    await appendMany(store, [stream], 1000);
    for await (const event of store.readStream(stream)) if (event.revision === 3) break;
    for await (const event of store.readAll({ filter: { streamPrefixes: [stream] } })) if (event.revision === 700) break;
    expect(await store.append(stream, newEvents(1), 999)).toMatchObject({ revision: 1000 });
  });

  it('replays 100,000 events of 100 streams, each once and in order', { timeout: 60_000 }, async () => {
    const store = open();
    const prefix = uniqueName();
    const streams = Array.from({ length: 100 }, (_, index) => `${prefix}-${index}`);
    await appendMany(store, streams, 100_000, { group: 500 });
    let [count, outOfOrder] = [0, 0];
    for await (const event of store.readAll({ filter: { streamPrefixes: [prefix] } })) {
      if (event.data['number'] !== count) outOfOrder += 1;
      count += 1;
    }
    expect({ count, outOfOrder }).toEqual({ count: 100_000, outOfOrder: 0 });
  });
}
