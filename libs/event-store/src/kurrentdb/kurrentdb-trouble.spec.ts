import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { setTimeout as pause } from 'node:timers/promises';
import { Follower } from '../contract/follower.js';
import { appendMany, at, collect, ids, newEvent, newEvents, uniqueName } from '../contract/sample-events.js';
import type { EventStore } from '../event-store.js';
import { toPosition } from './log-position.js';
import { openKurrentDbEventStore } from './open-kurrentdb-event-store.js';
import { FakeKurrentDb } from './testing/fake-kurrentdb.js';

const unavailable = { code: 'STORE_UNAVAILABLE', retryable: true };

const reasonsOf = async (calls: readonly Promise<unknown>[]): Promise<unknown[]> =>
  (await Promise.allSettled(calls)).filter((outcome) => outcome.status === 'rejected').map(({ reason }) => reason);

describe('KurrentDB event store, on a fake of the server', () => {
  let server: FakeKurrentDb;
  let store: EventStore;
  const warnings: string[] = [];
  const logger = { info: () => {}, warn: (details: object, message: string) => warnings.push(`${message} ${JSON.stringify(details)}`) };

  beforeEach(async () => {
    server = new FakeKurrentDb();
    await server.start();
    store = await openKurrentDbEventStore({ url: server.url, logger, patienceMs: 1000, answerTimeoutMs: 700 });
  });
  afterEach(async () => {
    await store.close();
    server.stop();
  });

  it('begins empty, whatever else is in the database', async () => {
    expect(await store.head()).toBeUndefined();
    expect(await collect(store.readAll())).toEqual([]);
    const follower = new Follower(store);
    await follower.caughtUp();
    await follower.stop();
    expect(follower.events).toEqual([]);
  });

  it('gives the first result when an append was carried out and its answer lost', async () => {
    const stream = uniqueName();
    const events = newEvents(3);
    for (const expected of ['no-stream', 2] as const) {
      server.loseAnswers = true;
      const appended = await store.append(stream, expected === 'no-stream' ? events : newEvents(1), expected);
      const [last] = await collect(store.readStream(stream, { direction: 'backwards', limit: 1 }));
      expect(appended).toEqual({ revision: last?.revision, position: last?.position });
    }
    expect(await collect(store.readStream(stream))).toHaveLength(4);
  });

  it("does not append at 'any' again when it cannot know what became of it", async () => {
    const stream = uniqueName();
    server.loseAnswers = true;
    await expect(store.append(stream, newEvents(1), 'any')).rejects.toMatchObject(unavailable);
    expect(await collect(store.readStream(stream))).toHaveLength(1);
  });

  it('says where the server should be when it is away, and goes on when it is back', async () => {
    const stream = uniqueName();
    await store.append(stream, newEvents(1), 'no-stream');
    server.stop();
    const reasons = await reasonsOf([store.append(stream, newEvents(1), 0), collect(store.readStream(stream)), store.head(), store.putRecord('beat', 1)]);
    expect(reasons).toMatchObject([unavailable, unavailable, unavailable, unavailable]);
    expect(String(reasons[0])).toMatch(/kurrentdb:\/\/localhost:\d+ is not to be had.*Check that the server runs/);
    await server.start();
    await store.append(stream, newEvents(1), 0);
    expect(await collect(store.readStream(stream))).toHaveLength(2);
    expect(await store.head()).toBeDefined();
  });

  it('waits out a short absence', async () => {
    const stream = uniqueName();
    await store.append(stream, newEvents(1), 'no-stream');
    server.stop();
    const [append, read] = [store.append(stream, newEvents(1), 0), collect(store.readStream(stream))];
    await pause(300);
    await server.start();
    expect(await append).toMatchObject({ revision: 1 });
    expect((await read).length).toBeGreaterThan(0);
  });

  it('refuses calls to a server that has gone silent, and goes on when it answers again', async () => {
    const stream = uniqueName();
    await store.append(stream, newEvents(1), 'no-stream');
    server.silent = true;
    expect(await reasonsOf([store.append(stream, newEvents(1), 'any'), collect(store.readStream(stream))])).toMatchObject([unavailable, unavailable]);
    server.silent = false;
    await store.append(stream, newEvents(1), 'any');
  });

  it('has nothing left over when a connection breaks under many appends', async () => {
    const stream = uniqueName();
    await store.append(stream, newEvents(1), 'no-stream');
    // Large, so that they lie in the connection when it breaks.
    const appends = Array.from({ length: 400 }, () => store.append(stream, [newEvent('Large', { text: 'x'.repeat(60_000) })], 'any'));
    await pause(20);
    server.stop();
    const reasons = await reasonsOf(appends);
    expect(reasons.length).toBeGreaterThan(0);
    for (const reason of reasons) expect(reason).toMatchObject(unavailable);
    await server.start();
    expect((await collect(store.readStream(stream))).length).toBeGreaterThanOrEqual(401 - reasons.length);
  });

  it('skips nothing and repeats nothing when connections break under its subscriptions', async () => {
    const stream = uniqueName();
    await store.append(stream, newEvents(1), 'no-stream');
    const early = new Follower(store, { filter: { streamPrefixes: [stream] } });
    await early.caughtUp();
    const filtered = new Follower(store, { after: 'end', filter: { streamPrefixes: [stream], types: ['Happened'] } });
    await filtered.caughtUp();
    for (let revision = 0; revision < 200; revision += 1) {
      if (revision % 50 === 25) await server.restart();
      await store.append(stream, newEvents(1), revision);
    }
    const late = new Follower(store, { filter: { streamPrefixes: [stream] } });
    const revisions = async (follower: Follower, count: number) => (await follower.eventsUpTo(count)).map((event) => event.revision);
    const all = Array.from({ length: 201 }, (_, index) => index);
    expect(await revisions(early, 201)).toEqual(all);
    expect(await revisions(late, 201)).toEqual(all);
    expect(await revisions(filtered, 200)).toEqual(all.slice(1));
    await Promise.all([early, late, filtered].map((follower) => follower.stop()));
    expect(warnings.join()).toContain('broke off; connecting again');
  });

  it('reads on where it was when a connection breaks in a long read', async () => {
    const stream = uniqueName();
    await appendMany(store, [stream], 6000, { group: 500 });
    for (const events of [store.readStream(stream), store.readAll({ filter: { streamPrefixes: [stream] } })]) {
      const revisions: number[] = [];
      for await (const { revision } of events) {
        revisions.push(revision);
        if (revision % 2500 === 1250) await server.restart();
      }
      expect(revisions).toEqual(Array.from({ length: 6000 }, (_, index) => index));
    }
  });

  it('begins a subscription while the server is away, and goes on when it is back', async () => {
    const stream = uniqueName();
    await store.append(stream, newEvents(2), 'no-stream');
    server.stop();
    const follower = new Follower(store, { filter: { streamPrefixes: [stream] } });
    await pause(200);
    await server.start();
    await follower.caughtUp();
    await follower.stop();
    expect(follower.events).toHaveLength(2);
  });

  it('ends a subscription at the signal while the server is away', async () => {
    server.stop();
    const follower = new Follower(store);
    await pause(50);
    await follower.stop();
    expect(follower.messages).toEqual([]);
  });

  it('asks the server once for what is new, however many subscribe', async () => {
    const followers = Array.from({ length: 12 }, () => new Follower(store));
    for (const follower of followers) await follower.caughtUp();
    expect(server.subscriptions).toBe(1);
    for (const follower of followers) await follower.stop();
  });

  it('resumes from a place between two events with the event at that place', async () => {
    const stream = uniqueName();
    const written = newEvents(3);
    await store.append(stream, written, 'no-stream');
    const boundary = server.log.entries.find((entry) => entry.id === at(written, 1).id)?.position ?? 0n;
    const after = toPosition({ commit: boundary, prepare: 0n });
    expect(ids(await collect(store.readAll({ after })))).toEqual(ids(written.slice(1)));
    expect(ids(await collect(store.readAll({ after, direction: 'backwards' })))).toEqual(ids(written.slice(0, 1)));
    const follower = new Follower(store, { after });
    await follower.caughtUp();
    await follower.stop();
    expect(ids(follower.events)).toEqual(ids(written.slice(1)));
  });

  it('has the server keep one event of a record, and tells it so once', async () => {
    const other = await openKurrentDbEventStore({ url: server.url });
    const name = uniqueName();
    await Promise.all([store.putRecord(name, 1), store.putRecord(name, 2), other.putRecord(name, 3), other.putRecord(name, 4)]);
    const written = (stream: string) => server.log.entries.filter((entry) => entry.stream === stream);
    expect(written(`refit.record.${name}`)).toHaveLength(4);
    expect(server.log.readStream(`refit.record.${name}`, false, 'start', 100)).toHaveLength(1);
    expect(written(`$$refit.record.${name}`).map((entry) => Buffer.from(entry.data).toString())).toEqual(['{"$maxCount":1}']);
    await other.close();
  });

  it('keeps records out of the log, and others out of the streams of records', async () => {
    const { position } = await store.append(uniqueName(), newEvents(1), 'no-stream');
    for (let beat = 0; beat < 200; beat += 1) await store.putRecord('heartbeat-1', { beat });
    expect(await store.head()).toBe(position);
    expect(await collect(store.readAll())).toHaveLength(1);
    await expect(store.append('refit.record.mine', newEvents(1), 'any')).rejects.toMatchObject({ code: 'STREAM_NAME_INVALID' });
  });

  it('says so when a stream holds what is no event of Refit', async () => {
    await expect(collect(store.readStream('of-another-program'))).rejects.toMatchObject({ code: 'EVENT_UNREADABLE' });
  });

  it('is closed once and for all', async () => {
    const reading = store.readAll();
    await store.close();
    await store.close();
    await expect(store.append('run-1', newEvents(1), 'any')).rejects.toMatchObject(unavailable);
    await expect(collect(reading)).rejects.toMatchObject(unavailable);
    await expect(store.head()).rejects.toMatchObject(unavailable);
  });

  it('is not opened when nobody answers', async () => {
    server.stop();
    await expect(openKurrentDbEventStore({ url: server.url, patienceMs: 100 })).rejects.toMatchObject(unavailable);
  });
});
