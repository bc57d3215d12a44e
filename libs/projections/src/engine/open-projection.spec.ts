import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isRefitError } from '@refit/contracts';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Projection } from '../projection.js';
import { Bank, eventually, rows, totals } from './bank.fixture.js';

describe('a projection', () => {
  let bank: Bank;
  beforeEach(async () => {
    bank = await Bank.open();
  });
  afterEach(() => bank.close());

  it('takes in what is in the log and what is appended, and shows a caller its own writes', async () => {
    await bank.append('account-a', 1, 2);
    await bank.append('other-a', 100);
    const projection = await bank.start();
    await projection.caughtUp();
    expect(rows(projection)).toEqual([['account-a', 2, 3]]);
    for (let i = 0; i < 20; i++) {
      await bank.append('account-b', 1);
      await projection.caughtUp();
      expect(projection.db.get('SELECT events FROM totals WHERE stream = ?', 'account-b')).toEqual({ events: i + 1 });
    }
  });

  it('is caught up at once with an empty log, and with a log that has nothing for it', async () => {
    const projection = await bank.start();
    await projection.caughtUp();
    await bank.append('other-a', ...Array.from({ length: 300 }, () => 1));
    await projection.caughtUp();
    expect(rows(projection)).toEqual([]);
  });

  it('goes on where it stopped', async () => {
    await bank.append('account-a', 1);
    const first = await bank.start();
    await first.caughtUp();
    await first.stop();
    await bank.append('account-a', 2);
    const apply = vi.fn<Projection['apply']>((db, event) => totals.apply(db, event));
    const second = await bank.start({ projection: { ...totals, apply } });
    await second.caughtUp();
    expect(rows(second)).toEqual([['account-a', 2, 3]]);
    expect(apply).toHaveBeenCalledTimes(1);
  });

  it('passes over an event that cannot be applied, notes it, and leaves nothing of it behind', async () => {
    await bank.append('account-a', 1, 'lots', 2, null, 4);
    const projection = await bank.start();
    await projection.caughtUp();
    await bank.append('account-a', 'more', 8);
    await projection.caughtUp();
    expect(rows(projection)).toEqual([['account-a', 4, 15]]);
    expect(projection.db.all('SELECT projection, stream, revision, type, error FROM projection_poison ORDER BY revision').map((row) => Object.values(row))).toEqual([
      ['totals', 'account-a', 1, 'bank.Paid', '"lots" is not an amount'],
      ['totals', 'account-a', 3, 'bank.Paid', 'null is not an amount'],
      ['totals', 'account-a', 5, 'bank.Paid', '"more" is not an amount'],
    ]);
  });

  it('blames the disk and not the event when there is no room, and applies everything once when there is', async () => {
    await bank.append('account-a', 1, 2, 4, 8);
    let room = false;
    const projection = await bank.start({
      projection: {
        ...totals,
        apply(db, event) {
          totals.apply(db, event);
          // What node:sqlite throws for SQLITE_FULL.
          if (event.revision === 0 && !room) throw Object.assign(new Error('database or disk is full'), { code: 'ERR_SQLITE_ERROR', errcode: 13 });
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

  it('applies each event once when two keep the same tables', async () => {
    const [one, other] = [await bank.start(), await bank.start()];
    for (let i = 0; i < 50; i++) await bank.append('account-a', 1);
    await Promise.all([one.caughtUp(), other.caughtUp()]);
    expect(rows(one)).toEqual([['account-a', 50, 50]]);
    expect(rows(other)).toEqual([['account-a', 50, 50]]);
  });

  it('goes on after the log could not be read, and tells those who wait', async () => {
    await bank.append('account-a', 1);
    let failures = 1;
    const flaky = new Proxy(bank.store, {
      get(target, property) {
        if (property === 'subscribe' && failures-- > 0) throw new Error('the log is away');
        const value: unknown = Reflect.get(target, property, target);
        return typeof value === 'function' ? value.bind(target) : value;
      },
    });
    const projection = await bank.start({ store: flaky });
    await eventually(() => projection.caughtUp());
    expect(rows(projection)).toEqual([['account-a', 1, 1]]);
  });

  it('lets queries change nothing', async () => {
    const projection = await bank.start();
    expect(() => projection.db.all('DELETE FROM totals')).toThrow('readonly database');
  });

  it('refuses to wait once stopped, by call or by signal', async () => {
    const stopping = new AbortController();
    const projection = await bank.start({ signal: stopping.signal });
    await bank.append('account-a', 1);
    stopping.abort();
    await expect(projection.caughtUp()).rejects.toSatisfy((error) => isRefitError(error, 'STORE_UNAVAILABLE'));
    await projection.stop();
  });

  it('says when it has nowhere to keep its file', async () => {
    await writeFile(join(bank.directory, 'read-models'), 'a file where the folder should be');
    await expect(bank.start()).rejects.toSatisfy((error) => isRefitError(error, 'DATA_DIRECTORY_UNUSABLE'));
  });

  it('leaves the event loop to others while it takes in a long log', async () => {
    for (let i = 0; i < 20; i++) await bank.append(`account-${i % 5}`, ...Array.from({ length: 250 }, () => 1));
    let turns = 0;
    const count = () => {
      turns++;
      turning = setImmediate(count);
    };
    let turning = setImmediate(count);
    const projection = await bank.start();
    await projection.caughtUp();
    clearImmediate(turning);
    expect(projection.db.get('SELECT sum(events) AS n FROM totals')).toEqual({ n: 5000 });
    expect(turns).toBeGreaterThan(20);
  });
});
