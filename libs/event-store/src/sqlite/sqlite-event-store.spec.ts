import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Follower } from '../contract/follower.js';
import { eventStoreContract } from '../contract/index.js';
import { appendMany, collect, ids, newEvent, newEvents } from '../contract/sample-events.js';
import { openSqliteEventStore } from './open-sqlite-event-store.js';
import { temporaryFolders } from './temporary-folder.js';

const newFolder = temporaryFolders();
const newFile = () => join(newFolder(), 'events.db');

eventStoreContract('SQLite', async () => {
  const file = newFile();
  let store = await openSqliteEventStore({ file });
  return {
    store,
    async reopen() {
      await store.close();
      store = await openSqliteEventStore({ file });
      return store;
    },
    destroy: () => store.close(),
  };
});

describe('SQLite event store', () => {
  it('begins empty', async () => {
    const store = await openSqliteEventStore({ file: newFile() });
    expect(await store.head()).toBeUndefined();
    const follower = new Follower(store);
    expect(await follower.caughtUp()).toEqual({ kind: 'caught-up', position: '0' });
    await follower.stop();
    await store.close();
  });

  it('never takes an id twice in a stream, and then writes nothing of the call', async () => {
    const store = await openSqliteEventStore({ file: newFile() });
    const [used, ...others] = newEvents(3);
    await store.append('run-1', [used ?? newEvent()], 'no-stream');
    for (const expected of [0, 'any'] as const) {
      await expect(store.append('run-1', [...others, used ?? newEvent()], expected)).rejects.toMatchObject({ code: 'REVISION_CONFLICT' });
    }
    expect(await store.append('run-1', others, 0)).toMatchObject({ revision: 2 });
    expect(await collect(store.readAll())).toHaveLength(3);
    await store.close();
  });

  it('lets a refused call not hurt those in the same transaction', async () => {
    const store = await openSqliteEventStore({ file: newFile() });
    const used = newEvent();
    await store.append('run-1', [used], 'no-stream');
    const good = newEvents(3);
    const outcomes = await Promise.allSettled([
      store.append('run-2', good.slice(0, 1), 'no-stream'),
      store.append('run-1', [newEvent(), used], 0),
      store.append('run-2', good.slice(1, 2), 0),
      store.append('run-2', newEvents(1), 0),
      store.putRecord('beat', 1, 5),
      store.append('run-2', good.slice(2), 1),
    ]);
    expect(outcomes.map((outcome) => outcome.status)).toEqual(['fulfilled', 'rejected', 'fulfilled', 'rejected', 'rejected', 'fulfilled']);
    expect(ids(await collect(store.readStream('run-2')))).toEqual(ids(good));
    expect(await collect(store.readStream('run-1'))).toHaveLength(1);
    await store.close();
  });

  it('sees what another handle on the file writes', async () => {
    const file = newFile();
    const [one, other] = [await openSqliteEventStore({ file }), await openSqliteEventStore({ file })];
    const follower = new Follower(one, { filter: { streamPrefixes: ['run-'] } });
    await follower.caughtUp();
    await other.append('run-1', newEvents(2), 'no-stream');
    await other.append('model-1', newEvents(2), 'no-stream');
    await one.append('run-1', newEvents(2), 1);
    await other.append('run-1', newEvents(2), 3);
    expect((await follower.eventsUpTo(6)).map((event) => event.revision)).toEqual([0, 1, 2, 3, 4, 5]);
    await follower.stop();
    await one.close();
    await other.close();
  });

  it('knows the revisions that another handle on the file has written', async () => {
    const file = newFile();
    const [one, other] = [await openSqliteEventStore({ file }), await openSqliteEventStore({ file })];
    await one.append('run-1', newEvents(1), 'no-stream');
    await other.append('run-1', newEvents(2), 0);
    await expect(one.append('run-1', newEvents(1), 0)).rejects.toMatchObject({ code: 'REVISION_CONFLICT' });
    expect(await one.append('run-1', newEvents(1), 2)).toMatchObject({ revision: 3 });
    expect(await other.append('run-1', newEvents(1), 'any')).toMatchObject({ revision: 4 });
    await one.close();
    await other.close();
  });

  it('lets a subscriber that is too slow read from the file, and tells it when it has caught up again', async () => {
    const store = await openSqliteEventStore({ file: newFile() });
    const seen: string[] = [];
    const stop = new AbortController();
    for await (const message of store.subscribe({ signal: stop.signal })) {
      seen.push(message.kind === 'event' ? String(message.event.revision) : message.kind);
      if (seen.length === 1) await appendMany(store, ['run-1'], 3000);
      if (seen.length === 3002) stop.abort();
    }
    expect(seen).toEqual(['caught-up', ...Array.from({ length: 3000 }, (_, index) => String(index)), 'caught-up']);
    await store.close();
  });

  it('lets others have their turn while it replays', async () => {
    const store = await openSqliteEventStore({ file: newFile() });
    await appendMany(store, ['run-1', 'run-2'], 60_000, { group: 1000 });
    let [turns, done] = [0, false];
    const count = () => {
      turns += 1;
      if (!done) setImmediate(count);
    };
    setImmediate(count);
    expect(await collect(store.readAll())).toHaveLength(60_000);
    done = true;
    expect(turns).toBeGreaterThan(3);
    await store.close();
  });

  it('is closed once and for all', async () => {
    const store = await openSqliteEventStore({ file: newFile() });
    const reading = store.readAll();
    await store.close();
    await store.close();
    await expect(store.append('run-1', newEvents(1), 'any')).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' });
    await expect(collect(reading)).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' });
    await expect(store.head()).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' });
  });
});
