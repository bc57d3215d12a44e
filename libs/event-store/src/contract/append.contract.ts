import { isRefitError } from '@refit/contracts';
import { expect, it } from 'vitest';
import { comparePositions, type EventStore, type NewEvent } from '../event-store.js';
import { collect, ids, newEvent, newEvents, uniqueName } from './sample-events.js';

const conflict = { code: 'REVISION_CONFLICT' };

export function appendContract(open: () => EventStore): void {
  it('numbers the events of a stream from 0 and gives them rising positions', async () => {
    const [store, stream] = [open(), uniqueName()];
    const first = await store.append(stream, newEvents(2), 'no-stream');
    const second = await store.append(stream, newEvents(3), 1);
    expect([first.revision, second.revision]).toEqual([1, 4]);
    expect(comparePositions(first.position, second.position)).toBeLessThan(0);
    const events = await collect(store.readStream(stream));
    expect(events.map((event) => event.revision)).toEqual([0, 1, 2, 3, 4]);
    expect(events.map((event) => event.position)).toEqual(events.map((event) => event.position).toSorted(comparePositions));
    expect([events[1]?.position, events[4]?.position]).toEqual([first.position, second.position]);
  });

  it('keeps type, data and metadata as they were', async () => {
    const [store, stream] = [open(), uniqueName()];
    const data = { text: 'línea\n"quoted" \\ \u0000 雪 🛫', list: [1, -0.5, 1e21, null, true, {}], deep: { empty: [], '': 'no key', "it's": 'x' } };
    const event: NewEvent = { ...newEvent('refit.test.v1.Odd', data), metadata: { $correlationId: 'r1', traceparent: '00-ab' } };
    const before = Date.now();
    await store.append(stream, [event], 'no-stream');
    const [read] = await collect(store.readStream(stream));
    expect(read).toMatchObject({ ...event, stream, revision: 0 });
    expect(Math.abs((read?.recordedAt ?? 0) - before)).toBeLessThan(60_000);
  });

  it('refuses an expectation that does not hold, and writes nothing', async () => {
    const [store, stream] = [open(), uniqueName()];
    await expect(store.append(stream, newEvents(1), 0)).rejects.toMatchObject(conflict);
    const written = newEvents(3);
    await store.append(stream, written, 'no-stream');
    for (const expected of ['no-stream', 0, 1, 3, 1000] as const) {
      await expect(store.append(stream, newEvents(2), expected)).rejects.toMatchObject(conflict);
    }
    expect(ids(await collect(store.readStream(stream)))).toEqual(ids(written));
  });

  it('names the stream and both revisions in a conflict', async () => {
    const [store, stream] = [open(), uniqueName()];
    await store.append(stream, newEvents(8), 'no-stream');
    await expect(store.append(stream, newEvents(1), 3)).rejects.toThrow(new RegExp(`${stream}.*\\b7\\b.*\\b3\\b`));
  });

  it('lets exactly one of many writers have a revision', async () => {
    const [store, stream] = [open(), uniqueName()];
    for (let revision = -1; revision < 9; revision += 1) {
      const attempts = Array.from({ length: 20 }, () => store.append(stream, newEvents(1), revision === -1 ? 'no-stream' : revision));
      const outcomes = await Promise.allSettled(attempts);
      expect(outcomes.filter((outcome) => outcome.status === 'fulfilled')).toHaveLength(1);
      expect(outcomes.filter((outcome) => outcome.status === 'rejected').map((outcome) => outcome.reason)).toMatchObject(Array.from({ length: 19 }, () => conflict));
    }
    expect(await collect(store.readStream(stream))).toHaveLength(10);
  });

  it('loses nothing when writers retry against each other', async () => {
    const [store, stream] = [open(), uniqueName()];
    const write = async (event: NewEvent): Promise<void> => {
      const [last] = await collect(store.readStream(stream, { direction: 'backwards', limit: 1 }));
      const written = store.append(stream, [event], last === undefined ? 'no-stream' : last.revision);
      const conflicted = await written.then(() => false, (error: unknown) => isRefitError(error, 'REVISION_CONFLICT') || Promise.reject(error));
      if (conflicted) await write(event);
    };
    const work = Array.from({ length: 8 }, () => newEvents(10));
    await Promise.all(work.map(async (events) => {
      for (const event of events) await write(event);
    }));
    const written = await collect(store.readStream(stream));
    expect(written.map((event) => event.revision)).toEqual(Array.from({ length: 80 }, (_, index) => index));
    for (const events of work) {
      const mine = new Set(ids(events));
      expect(ids(written).filter((id) => mine.has(id))).toEqual(ids(events));
    }
  });

  it.each([1, 3])('answers the same call of %i events again with the first result', async (count) => {
    const [store, stream] = [open(), uniqueName()];
    const [opening, following] = [newEvents(count), newEvents(count)];
    const opened = await store.append(stream, opening, 'no-stream');
    expect(await store.append(stream, opening, 'no-stream')).toEqual(opened);
    const followed = await store.append(stream, following, count - 1);
    await store.append(stream, newEvents(2), 'any');
    expect(await store.append(stream, following, count - 1)).toEqual(followed);
    expect(await store.append(stream, opening, 'no-stream')).toEqual(opened);
    expect(await collect(store.readStream(stream))).toHaveLength(2 * count + 2);
  });

  it('answers the same call made twice at the same time with one result', async () => {
    const [store, stream] = [open(), uniqueName()];
    const events = newEvents(2);
    const [one, other] = await Promise.all([store.append(stream, events, 'no-stream'), store.append(stream, events, 'no-stream')]);
    expect(one).toEqual(other);
    expect(await collect(store.readStream(stream))).toHaveLength(2);
  });

  it('refuses calls that overlap with what is there only in part', async () => {
    const [store, stream] = [open(), uniqueName()];
    const [a, b, c] = [newEvent(), newEvent(), newEvent()];
    await store.append(stream, [a, b], 'no-stream');
    for (const events of [[a, b, c], [a, c], [c, b], [b, a], [c]]) {
      await expect(store.append(stream, events, 'no-stream')).rejects.toMatchObject(conflict);
    }
    await expect(store.append(stream, [b, c], 0)).rejects.toMatchObject(conflict);
    await expect(store.append(stream, [a, b], 0)).rejects.toMatchObject(conflict);
    expect(ids(await collect(store.readStream(stream)))).toEqual(ids([a, b]));
  });

  it("takes anything at 'any'", async () => {
    const [store, stream] = [open(), uniqueName()];
    await store.append(stream, newEvents(1), 'any');
    const outcomes = await Promise.all(Array.from({ length: 50 }, () => store.append(stream, newEvents(2), 'any')));
    expect(outcomes.map((outcome) => outcome.revision).toSorted((a, b) => a - b)).toEqual(Array.from({ length: 50 }, (_, index) => 2 * index + 2));
    expect(await collect(store.readStream(stream))).toHaveLength(101);
  });

  it('keeps the events of one call together', async () => {
    const [store, stream] = [open(), uniqueName()];
    const calls = Array.from({ length: 20 }, () => newEvents(5));
    await Promise.all(calls.map((events) => store.append(stream, events, 'any')));
    const written = ids(await collect(store.readStream(stream)));
    for (const events of calls) {
      const start = written.indexOf(events[0]?.id ?? '');
      expect(written.slice(start, start + 5)).toEqual(ids(events));
    }
  });

  it('allows one id in two streams', async () => {
    const store = open();
    const [event, one, other] = [newEvent(), uniqueName(), uniqueName()];
    await store.append(one, [event], 'no-stream');
    await store.append(other, [event], 'no-stream');
    expect(ids(await collect(store.readStream(other)))).toEqual([event.id]);
  });
}
