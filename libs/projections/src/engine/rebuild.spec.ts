import { existsSync } from 'node:fs';
import { open, writeFile } from 'node:fs/promises';
import { DatabaseSync } from 'node:sqlite';
import pino from 'pino';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Projection } from '../projection.js';
import { Bank, eventually, rows, totals } from './bank.fixture.js';

describe('a projection', () => {
  let bank: Bank;
  beforeEach(async () => {
    bank = await Bank.open();
  });
  afterEach(() => bank.close());

  it.each([
    ['version', { version: 2 }],
    ['tables', { tables: [...totals.tables, 'CREATE TABLE extra (a TEXT) STRICT'] }],
    ['filter', { filter: { streamPrefixes: ['account-', 'other-'] } }],
  ])('is built again when its %s changed, beside others that are left alone', async (_, change) => {
    await bank.append('account-a', 1, 2);
    const other: Projection = { ...totals, name: 'count', tables: ['CREATE TABLE count (n INTEGER) STRICT'], apply: (db) => void db.run('INSERT INTO count VALUES (1)') };
    for (const projection of [await bank.start(), await bank.start({ projection: other })]) {
      await projection.caughtUp();
      await projection.stop();
    }
    const applyOther = vi.fn<Projection['apply']>((db, event) => other.apply(db, event));
    const changed = await bank.start({ projection: { ...totals, ...change } });
    const unchanged = await bank.start({ projection: { ...other, apply: applyOther } });
    await Promise.all([changed.caughtUp(), unchanged.caughtUp()]);
    expect(rows(changed)).toEqual([['account-a', 2, 3]]);
    expect(unchanged.db.get('SELECT count(*) AS n FROM count')).toEqual({ n: 2 });
    expect(applyOther).not.toHaveBeenCalled();
  });

  it('is built again from the log when its file is no database', async () => {
    await bank.append('account-a', 1, 2);
    await (await bank.start()).stop();
    await writeFile(bank.file, 'this is no database, but a text of some length. '.repeat(100));
    const projection = await bank.start();
    await projection.caughtUp();
    expect(rows(projection)).toEqual([['account-a', 2, 3]]);
  });

  it.runIf(existsSync('/proc/sys/kernel/random/boot_id'))('is built again when the machine was started since, for then writes may be lost', async () => {
    await bank.append('account-a', 1, 2);
    const first = await bank.start();
    await first.caughtUp();
    await first.stop();
    const database = new DatabaseSync(bank.file);
    database.exec(`UPDATE totals SET amount = 0; UPDATE projection_file SET boot = 'of an earlier start'`);
    database.close();
    const projection = await bank.start();
    await projection.caughtUp();
    expect(rows(projection)).toEqual([['account-a', 2, 3]]);
  });

  it('is built again from the log when its file turns out damaged while it runs', async () => {
    for (let i = 0; i < 300; i++) await bank.append(`account-${i}`, i);
    const first = await bank.start();
    await first.caughtUp();
    await first.stop();
    await damage(bank.file);
    const warn = vi.fn<(fields: object, text: string) => void>();
    const projection = await bank.start({ logger: Object.assign(pino({ level: 'silent' }), { warn }) });
    await eventually(async () => {
      await projection.caughtUp();
      expect(rows(projection)).toHaveLength(300);
    });
    expect(warn.mock.calls.map(([, text]) => text)).toEqual(['a file of read models is damaged; it is built again from the log']);
    await bank.append('account-7', 0.5);
    await projection.caughtUp();
    expect(projection.db.get('SELECT amount FROM totals WHERE stream = ?', 'account-7')).toEqual({ amount: 7.5 });
  });

  it('is built again when the log is another one than before', async () => {
    await bank.append('account-a', 1, 2, 3);
    const first = await bank.start();
    await first.caughtUp();
    await first.stop();
    await bank.replaceLog();
    await bank.append('account-b', 5);
    const projection = await bank.start();
    await projection.caughtUp();
    expect(rows(projection)).toEqual([['account-b', 1, 5]]);
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
