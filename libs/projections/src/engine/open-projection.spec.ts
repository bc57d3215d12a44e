import { randomUUID } from 'node:crypto';
import { mkdtemp, open, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isRefitError } from '@refit/contracts';
import type { EventStore } from '@refit/event-store';
import { openSqliteEventStore } from '@refit/event-store/sqlite';
import pino from 'pino';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Projection } from '../projection.js';
import { openProjection, type OpenProjection, type ProjectionOptions } from './open-projection.js';

const eventually = <T>(check: () => T | Promise<T>) => vi.waitFor(check, { timeout: 10_000, interval: 5 });

const logger = pino({ level: 'silent' });

/** Adds up the `amount` of each stream; refuses amounts that are no number, after having written something. */
const totals: Projection = {
  name: 'totals',
  version: 1,
  tables: ['CREATE TABLE totals (stream TEXT PRIMARY KEY, events INTEGER NOT NULL, amount REAL NOT NULL) STRICT', 'CREATE INDEX totals_by_amount ON totals (amount)'],
  filter: { streamPrefixes: ['account-'] },
  apply(db, { stream, data }) {
    db.run('INSERT INTO totals VALUES (?, 1, 0) ON CONFLICT DO UPDATE SET events = events + 1', stream);
    const amount = data['amount'];
    if (typeof amount !== 'number') throw new TypeError(`${JSON.stringify(amount)} is not an amount`);
    db.run('UPDATE totals SET amount = amount + ? WHERE stream = ?', amount, stream);
  },
};

describe('a projection', () => {
  let directory: string;
  let file: string;
  let store: EventStore;
  let opened: OpenProjection[];

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'refit-projections-'));
    file = join(directory, 'read-models', 'bank.sqlite');
    store = await openSqliteEventStore({ file: join(directory, 'events.sqlite') });
    opened = [];
  });
  afterEach(async () => {
    await Promise.all(opened.map((projection) => projection.stop()));
    await store.close();
    await rm(directory, { recursive: true });
  });

  const start = async (options: Partial<ProjectionOptions> = {}) => {
    const projection = await openProjection({ file, projection: totals, store, logger, ...options });
    opened.push(projection);
    return projection;
  };
  const append = (stream: string, ...amounts: unknown[]) =>
    store.append(stream, amounts.map((amount) => ({ id: randomUUID(), type: 'bank.Paid', data: { amount: amount as number }, metadata: {} })), 'any');
  const rows = (projection: OpenProjection) =>
    projection.db.all('SELECT stream, events, amount FROM totals ORDER BY stream').map((row) => Object.values(row));

  it('takes in what is in the log and what is appended, and shows a caller its own writes', async () => {
    await append('account-a', 1, 2);
    await append('other-a', 100);
    const projection = await start();
    await projection.caughtUp();
    expect(rows(projection)).toEqual([['account-a', 2, 3]]);
    for (let i = 0; i < 20; i++) {
      await append('account-b', 1);
      await projection.caughtUp();
      expect(projection.db.get('SELECT events FROM totals WHERE stream = ?', 'account-b')).toEqual({ events: i + 1 });
    }
  });

  it('is caught up at once with an empty log, and with a log that has nothing for it', async () => {
    const projection = await start();
    await projection.caughtUp();
    await append('other-a', ...Array.from({ length: 300 }, () => 1));
    await projection.caughtUp();
    expect(rows(projection)).toEqual([]);
  });

  it('goes on where it stopped', async () => {
    await append('account-a', 1);
    const first = await start();
    await first.caughtUp();
    await first.stop();
    await append('account-a', 2);
    const apply = vi.fn<Projection['apply']>((db, event) => totals.apply(db, event));
    const second = await start({ projection: { ...totals, apply } });
    await second.caughtUp();
    expect(rows(second)).toEqual([['account-a', 2, 3]]);
    expect(apply).toHaveBeenCalledTimes(1);
  });

  it.each([
    ['version', { version: 2 }],
    ['tables', { tables: [...totals.tables, 'CREATE TABLE extra (a TEXT) STRICT'] }],
    ['filter', { filter: { streamPrefixes: ['account-', 'other-'] } }],
  ])('is built again when its %s changed, beside others that are left alone', async (_, change) => {
    await append('account-a', 1, 2);
    const other: Projection = { ...totals, name: 'count', tables: ['CREATE TABLE count (n INTEGER) STRICT'], apply: (db) => void db.run('INSERT INTO count VALUES (1)') };
    for (const projection of [await start(), await start({ projection: other })]) {
      await projection.caughtUp();
      await projection.stop();
    }
    const applyOther = vi.fn<Projection['apply']>((db, event) => other.apply(db, event));
    const changed = await start({ projection: { ...totals, ...change } });
    const unchanged = await start({ projection: { ...other, apply: applyOther } });
    await Promise.all([changed.caughtUp(), unchanged.caughtUp()]);
    expect(rows(changed)).toEqual([['account-a', 2, 3]]);
    expect(unchanged.db.get('SELECT count(*) AS n FROM count')).toEqual({ n: 2 });
    expect(applyOther).not.toHaveBeenCalled();
  });

  it('passes over an event that cannot be applied, notes it, and leaves nothing of it behind', async () => {
    await append('account-a', 1, 'lots', 2, null, 4);
    const projection = await start();
    await projection.caughtUp();
    await append('account-a', 'more', 8);
    await projection.caughtUp();
    expect(rows(projection)).toEqual([['account-a', 4, 15]]);
    expect(projection.db.all('SELECT projection, stream, revision, type, error FROM projection_poison ORDER BY revision').map((row) => Object.values(row))).toEqual([
      ['totals', 'account-a', 1, 'bank.Paid', '"lots" is not an amount'],
      ['totals', 'account-a', 3, 'bank.Paid', 'null is not an amount'],
      ['totals', 'account-a', 5, 'bank.Paid', '"more" is not an amount'],
    ]);
  });

  it('blames the disk and not the event when there is no room, and applies everything once when there is', async () => {
    await append('account-a', 1, 2, 4, 8);
    let room = false;
    const projection = await start({
      projection: {
        ...totals,
        apply(db, event) {
          totals.apply(db, event);
          // What node:sqlite throws for SQLITE_FULL.
          if (event.revision === 2 && !room) throw Object.assign(new Error('database or disk is full'), { code: 'ERR_SQLITE_ERROR', errcode: 13 });
        },
      },
    });
    await expect(projection.caughtUp()).rejects.toSatisfy((error) => isRefitError(error, 'STORE_UNAVAILABLE'));
    expect(rows(projection)).toEqual([]);
    room = true;
    await eventually(() => projection.caughtUp());
    expect(rows(projection)).toEqual([['account-a', 4, 15]]);
    expect(projection.db.all('SELECT * FROM projection_poison')).toEqual([]);
  });

  it('is built again from the log when its file is no database', async () => {
    await append('account-a', 1, 2);
    await (await start()).stop();
    await writeFile(file, 'this is no database, but a text of some length. '.repeat(100));
    const projection = await start();
    await projection.caughtUp();
    expect(rows(projection)).toEqual([['account-a', 2, 3]]);
  });

  it('is built again from the log when its file turns out damaged while it runs', async () => {
    for (let i = 0; i < 300; i++) await append(`account-${i}`, i);
    const first = await start();
    await first.caughtUp();
    await first.stop();
    await damage(file);
    const warn = vi.fn<(fields: object, text: string) => void>();
    const projection = await start({ logger: Object.assign(pino({ level: 'silent' }), { warn }) });
    await eventually(async () => {
      await projection.caughtUp();
      expect(rows(projection)).toHaveLength(300);
    });
    expect(warn.mock.calls.map(([, text]) => text)).toEqual(['a file of read models is damaged; it is built again from the log']);
    await append('account-7', 0.5);
    await projection.caughtUp();
    expect(projection.db.get('SELECT amount FROM totals WHERE stream = ?', 'account-7')).toEqual({ amount: 7.5 });
  });

  it('is built again when the log is another one than before', async () => {
    await append('account-a', 1, 2, 3);
    const first = await start();
    await first.caughtUp();
    await first.stop();
    await store.close();
    store = await openSqliteEventStore({ file: join(directory, 'other-events.sqlite') });
    await append('account-b', 5);
    const projection = await start();
    await projection.caughtUp();
    expect(rows(projection)).toEqual([['account-b', 1, 5]]);
  });

  it('applies each event once when two keep the same tables', async () => {
    const [one, other] = [await start(), await start()];
    for (let i = 0; i < 50; i++) await append('account-a', 1);
    await Promise.all([one.caughtUp(), other.caughtUp()]);
    expect(rows(one)).toEqual([['account-a', 50, 50]]);
    expect(rows(other)).toEqual([['account-a', 50, 50]]);
  });

  it('goes on after the log could not be read, and tells those who wait', async () => {
    await append('account-a', 1);
    let failures = 1;
    const flaky = new Proxy(store, {
      get(target, property) {
        if (property === 'subscribe' && failures-- > 0) throw new Error('the log is away');
        const value: unknown = Reflect.get(target, property, target);
        return typeof value === 'function' ? value.bind(target) : value;
      },
    });
    const projection = await start({ store: flaky });
    await eventually(() => projection.caughtUp());
    expect(rows(projection)).toEqual([['account-a', 1, 1]]);
  });

  it('lets queries change nothing', async () => {
    const projection = await start();
    expect(() => projection.db.all('DELETE FROM totals')).toThrow('readonly database');
  });

  it('refuses to wait once stopped, by call or by signal', async () => {
    const stopping = new AbortController();
    const projection = await start({ signal: stopping.signal });
    await append('account-a', 1);
    stopping.abort();
    await expect(projection.caughtUp()).rejects.toSatisfy((error) => isRefitError(error, 'STORE_UNAVAILABLE'));
    await projection.stop();
  });

  it('says when it has nowhere to keep its file', async () => {
    await writeFile(join(directory, 'read-models'), 'a file where the folder should be');
    await expect(start()).rejects.toSatisfy((error) => isRefitError(error, 'DATA_DIRECTORY_UNUSABLE'));
  });

  it('leaves the event loop to others while it takes in a long log', async () => {
    for (let i = 0; i < 20; i++) await append(`account-${i % 5}`, ...Array.from({ length: 250 }, () => 1));
    let turns = 0;
    const count = () => {
      turns++;
      turning = setImmediate(count);
    };
    let turning = setImmediate(count);
    const projection = await start();
    await projection.caughtUp();
    clearImmediate(turning);
    expect(projection.db.get('SELECT sum(events) AS n FROM totals')).toEqual({ n: 5000 });
    expect(turns).toBeGreaterThan(20);
  });
});

/** Overwrites the middle of the file, past the pages that are read when it is opened. */
async function damage(path: string) {
  const handle = await open(path, 'r+');
  const { size } = await handle.stat();
  const garbage = Buffer.alloc(4096, 0xa5);
  for (let page = 6; page * 4096 < size; page++) await handle.write(garbage, 0, garbage.length, page * 4096);
  await handle.close();
}
