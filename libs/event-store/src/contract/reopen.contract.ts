import { expect, it } from 'vitest';
import { Follower } from './follower.js';
import type { OpenedStore } from './opened-store.js';
import { appendMany, at, collect, ids, newEvents, readPrefix, uniqueName } from './sample-events.js';

export function reopenContract(open: () => OpenedStore): void {
  it('finds everything as it was', async () => {
    const opened = open();
    const prefix = uniqueName();
    await appendMany(opened.store, [`${prefix}-a`, `${prefix}-b`], 700, { group: 50 });
    const events = await readPrefix(opened.store, prefix);
    const record = await opened.store.putRecord(prefix, { beat: 1 });
    const store = await opened.reopen();
    expect(await readPrefix(store, prefix)).toEqual(events);
    expect(await store.getRecord(prefix)).toEqual(record);
    expect(await store.append(`${prefix}-a`, newEvents(1), 349)).toMatchObject({ revision: 350 });
  });

  it('remembers which calls were made', async () => {
    const opened = open();
    const stream = uniqueName();
    const events = newEvents(2);
    const first = await opened.store.append(stream, events, 'no-stream');
    const store = await opened.reopen();
    expect(await store.append(stream, events, 'no-stream')).toEqual(first);
    await expect(store.append(stream, newEvents(2), 'no-stream')).rejects.toMatchObject({ code: 'REVISION_CONFLICT' });
    expect(await collect(store.readStream(stream))).toHaveLength(2);
  });

  it('lets a subscription go on from where another stopped', async () => {
    const opened = open();
    const stream = uniqueName();
    const filter = { streamPrefixes: [stream] };
    await opened.store.append(stream, newEvents(3), 'no-stream');
    const before = new Follower(opened.store, { filter });
    await before.caughtUp();
    await opened.store.append(stream, newEvents(3), 2);
    const seen = await before.eventsUpTo(4);
    const store = await opened.reopen();
    await store.append(stream, newEvents(2), 5);
    const after = new Follower(store, { filter, after: at(seen, 3).position });
    await after.caughtUp();
    await after.stop();
    const all = await readPrefix(store, stream);
    expect([...ids(seen.slice(0, 4)), ...ids(after.events)]).toEqual(ids(all));
  });

  it('writes what was asked for before it closes', async () => {
    const opened = open();
    const stream = uniqueName();
    const appends = Array.from({ length: 30 }, () => opened.store.append(stream, newEvents(1), 'any'));
    const store = await opened.reopen();
    await Promise.all(appends);
    expect(await collect(store.readStream(stream))).toHaveLength(30);
  });
}
