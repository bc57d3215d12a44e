import { expect, it } from 'vitest';
import type { EventStore } from '../event-store.js';
import { collect, newEvents, readPrefix, uniqueName } from './sample-events.js';

const conflict = { code: 'REVISION_CONFLICT' };

export function recordContract(open: () => EventStore): void {
  it('keeps the last value, and a revision that changes with each write', async () => {
    const [store, name] = [open(), uniqueName()];
    expect(await store.getRecord(name)).toBeUndefined();
    const first = await store.putRecord(name, { beat: 1 });
    const second = await store.putRecord(name, { beat: 2 });
    expect(first.revision).not.toBe(second.revision);
    expect(await store.getRecord(name)).toEqual({ name, value: { beat: 2 }, revision: second.revision });
    const same = await store.putRecord(name, { beat: 2 });
    expect(same.revision).not.toBe(second.revision);
  });

  it.each([[null], [0], [''], [false], ['text "quoted" 雪'], [[1, [2, { three: null }]]], [{}]])('keeps the value %j', async (value) => {
    const [store, name] = [open(), uniqueName()];
    expect(await store.putRecord(name, value)).toMatchObject({ name, value });
    expect(await store.getRecord(name)).toMatchObject({ name, value });
  });

  it('compares before it sets', async () => {
    const [store, name] = [open(), uniqueName()];
    await expect(store.putRecord(name, 'a', 0)).rejects.toMatchObject(conflict);
    const { revision } = await store.putRecord(name, 'a', 'none');
    await expect(store.putRecord(name, 'b', 'none')).rejects.toMatchObject(conflict);
    await expect(store.putRecord(name, 'b', revision + 1)).rejects.toMatchObject(conflict);
    await store.putRecord(name, 'b', revision);
    await expect(store.putRecord(name, 'c', revision)).rejects.toMatchObject(conflict);
    expect(await store.getRecord(name)).toMatchObject({ value: 'b' });
  });

  it('lets one of many have it', async () => {
    const [store, name] = [open(), uniqueName()];
    const outcomes = await Promise.allSettled(Array.from({ length: 20 }, (_, index) => store.putRecord(name, index, 'none')));
    const won = outcomes.filter((outcome) => outcome.status === 'fulfilled');
    expect(won).toHaveLength(1);
    expect(await store.getRecord(name)).toEqual(won[0]?.value);
  });

  it('counts right when many compare and set against each other', async () => {
    const [store, name] = [open(), uniqueName()];
    await store.putRecord(name, 0);
    const increment = async (): Promise<void> => {
      const record = await store.getRecord(name);
      const changed = store.putRecord(name, Number(record?.value) + 1, record?.revision);
      const done = await changed.then(() => true, () => false);
      if (!done) await increment();
    };
    await Promise.all(Array.from({ length: 10 }, increment));
    expect(await store.getRecord(name)).toMatchObject({ value: 10 });
  });

  it('is no part of the log, and does not clash with a stream of its name', async () => {
    const [store, name] = [open(), uniqueName()];
    await store.putRecord(name, 1);
    await store.append(name, newEvents(2), 'no-stream');
    await store.putRecord(name, 2);
    expect(await collect(store.readStream(name))).toHaveLength(2);
    expect(await readPrefix(store, name)).toHaveLength(2);
    expect(await store.getRecord(name)).toMatchObject({ value: 2 });
  });
}
