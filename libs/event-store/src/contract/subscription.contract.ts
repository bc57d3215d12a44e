import { expect, it } from 'vitest';
import type { EventStore, RecordedEvent } from '../event-store.js';
import { Follower } from './follower.js';
import { appendMany, at, ids, newEvents, readPrefix, uniqueName } from './sample-events.js';

export function subscriptionContract(open: () => EventStore): void {
  it('hands on what is in the log, says that it has caught up, and goes on with what comes', async () => {
    const [store, stream] = [open(), uniqueName()];
    await store.append(stream, newEvents(3), 'no-stream');
    const follower = new Follower(store, { filter: { streamPrefixes: [stream] } });
    await follower.caughtUp();
    expect(follower.messages.filter((message) => message.kind !== 'checkpoint').map((message) => message.kind)).toEqual(['event', 'event', 'event', 'caught-up']);
    await store.append(stream, newEvents(2), 2);
    expect((await follower.eventsUpTo(5)).map((event) => event.revision)).toEqual([0, 1, 2, 3, 4]);
    await follower.stop();
  });

  it('skips nothing and repeats nothing when it starts in the past while 4 writers append', async () => {
    const store = open();
    const prefix = uniqueName();
    const streams = Array.from({ length: 7 }, (_, index) => `${prefix}-${index}`);
    await appendMany(store, streams, 3000);
    const write = async (writer: number) => {
      for (let index = 0; index < 250; index += 1) {
        await store.append(at(streams, (writer + index) % 7), newEvents(1 + (index % 3)), 'any');
      }
    };
    const writers = Promise.all([0, 1, 2, 3].map(write));
    const followers = Array.from({ length: 10 }, () => new Follower(store, { filter: { streamPrefixes: [prefix] } }));
    const late = writers.then(() => new Follower(store, { filter: { streamPrefixes: [prefix] } }));
    await writers;
    const expected = await readPrefix(store, prefix);
    for (const follower of [...followers, await late]) {
      expect(ids(await follower.eventsUpTo(expected.length))).toEqual(ids(expected));
      await follower.stop();
      expect(follower.events).toHaveLength(expected.length);
    }
  });

  it('resumes after a position, exclusive, wherever that lies', async () => {
    const store = open();
    const prefix = uniqueName();
    await appendMany(store, [`${prefix}-a`, `${prefix}-b`], 1200, { group: 100 });
    const all = await readPrefix(store, prefix);
    for (const index of [0, 511, 512, 700, 1198, 1199]) {
      const follower = new Follower(store, { after: at(all, index).position, filter: { streamPrefixes: [prefix] } });
      await follower.caughtUp();
      await follower.stop();
      expect(follower.events).toEqual(all.slice(index + 1));
    }
  });

  it('resumes from the position of any message without gap or repeat', async () => {
    const store = open();
    const prefix = uniqueName();
    const filter = { streamPrefixes: [`${prefix}-a`] };
    await appendMany(store, [`${prefix}-a`, `${prefix}-b`], 800, { group: 50 });
    const first = new Follower(store, { filter });
    await first.caughtUp();
    await appendMany(store, [`${prefix}-a`, `${prefix}-b`], 800, { group: 50 });
    const all = await first.eventsUpTo(800);
    await first.stop();
    let seen = 0;
    for (const [index, message] of first.messages.entries()) {
      if (message.kind === 'event') seen += 1;
      if (message.kind === 'event' && index % 97 !== 0) continue;
      const resumed = new Follower(store, { after: message.kind === 'event' ? message.event.position : message.position, filter });
      await resumed.caughtUp();
      await resumed.stop();
      expect(ids(resumed.events)).toEqual(ids(all.slice(seen)));
    }
  });

  it("starts at 'end' with what comes once it has caught up", async () => {
    const [store, stream] = [open(), uniqueName()];
    await store.append(stream, newEvents(5), 'no-stream');
    const follower = new Follower(store, { after: 'end' });
    await follower.caughtUp();
    await store.append(stream, newEvents(1), 4);
    expect((await follower.eventsUpTo(1)).map((event) => event.revision)).toEqual([5]);
    await follower.stop();
  });

  it('delivers everything in order to a subscriber that is slower than the writers', async () => {
    const store = open();
    const stream = uniqueName();
    await store.append(stream, newEvents(1), 'no-stream');
    const stop = new AbortController();
    const seen: RecordedEvent[] = [];
    for await (const message of store.subscribe({ filter: { streamPrefixes: [stream] }, signal: stop.signal })) {
      if (message.kind === 'caught-up' && seen.length === 1) await appendMany(store, [stream], 5000);
      if (message.kind !== 'event') continue;
      seen.push(message.event);
      if (seen.length === 2) await appendMany(store, [stream], 2000);
      if (seen.length === 7001) break;
    }
    expect(seen.map((event) => event.revision)).toEqual(Array.from({ length: 7001 }, (_, index) => index));
  });

  it('ends at the signal: before it began, while it waits, and between two events', async () => {
    const [store, stream] = [open(), uniqueName()];
    await appendMany(store, [stream], 500);
    const filter = { streamPrefixes: [stream] };
    for await (const message of store.subscribe({ filter, signal: AbortSignal.abort() })) expect(message).toBe('nothing');

    const waiting = new Follower(store, { filter });
    await waiting.caughtUp();
    await waiting.stop();

    const stop = new AbortController();
    let count = 0;
    for await (const message of store.subscribe({ filter, signal: stop.signal })) {
      if (message.kind === 'event') count += 1;
      if (count === 7) stop.abort();
    }
    expect(count).toBe(7);
  });

  it('ends when the store is closed', async () => {
    const store = open();
    const follower = new Follower(store, { after: 'end' });
    await follower.caughtUp();
    await store.close();
    await follower.stop();
    expect(follower.events).toEqual([]);
  });
}
