import { chmodSync, existsSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, it } from 'vitest';
import { collect, newEvent, newEvents } from '../contract/sample-events.js';
import type { EventStore } from '../event-store.js';
import { LockPatience } from './lock-patience.js';
import { openSqliteEventStore } from './open-sqlite-event-store.js';
import { SqliteEventStore } from './sqlite-event-store.js';
import { temporaryFolders } from './temporary-folder.js';

const newFolder = temporaryFolders();
const newFile = () => join(newFolder(), 'events.db');

async function filled(count = 600): Promise<string> {
  const file = newFile();
  const store = await openSqliteEventStore({ file });
  for (let index = 0; index < count; index += 100) await store.append('run-1', newEvents(100), 'any');
  await store.close();
  return file;
}

async function readBackAndForth(file: string): Promise<void> {
  const store: EventStore = await openSqliteEventStore({ file });
  try {
    await collect(store.readAll());
    await store.append('run-2', newEvents(50), 'any');
  } finally {
    await store.close();
  }
}

describe('SQLite event store: a locked file', () => {
  const lock = (file: string) => {
    const other = new DatabaseSync(file);
    other.exec('BEGIN IMMEDIATE');
    return other;
  };

  it('refuses appends after a while, says what to do, and goes on when the lock is gone', async () => {
    const file = newFile();
    const store = await openSqliteEventStore({ file, lockTimeoutMs: 80 });
    await store.append('run-1', newEvents(1), 'no-stream');
    const other = lock(file);
    const refused = { code: 'STORE_UNAVAILABLE', retryable: true, message: expect.stringMatching(/locked by another process.*fuser/) };
    await expect(store.append('run-1', newEvents(1), 0)).rejects.toMatchObject(refused);
    await expect(store.putRecord('beat', 1)).rejects.toMatchObject(refused);
    expect(await collect(store.readStream('run-1'))).toHaveLength(1);
    other.exec('ROLLBACK');
    other.close();
    expect(await store.append('run-1', newEvents(1), 0)).toMatchObject({ revision: 1 });
    await store.close();
  });

  it('writes in the order of the calls what waited for the lock', async () => {
    const file = newFile();
    const store = await openSqliteEventStore({ file });
    const other = lock(file);
    const events = Array.from({ length: 50 }, (_, number) => newEvent('Happened', { number }));
    const appends = events.map((event, index) => store.append('run-1', [event], index === 0 ? 'no-stream' : index - 1));
    // The event loop is free meanwhile, or this would never come.
    await new Promise((resolve) => setTimeout(resolve, 20));
    other.exec('ROLLBACK');
    other.close();
    await Promise.all(appends);
    expect((await collect(store.readStream('run-1'))).map((event) => event.data['number'])).toEqual(events.map((_, index) => index));
    await store.close();
  });

  it('refuses to open a file that somebody has for himself', async () => {
    const file = await filled(100);
    const other = new DatabaseSync(file);
    other.exec('PRAGMA locking_mode = EXCLUSIVE; BEGIN IMMEDIATE');
    await expect(openSqliteEventStore({ file, lockTimeoutMs: 80 })).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE', message: expect.stringContaining(file) });
    other.close();
    await readBackAndForth(file);
  });
});

describe('SQLite event store: a damaged file', () => {
  const corrupt = (file: string) => ({ code: 'STORE_CORRUPT', message: expect.stringContaining(file) });

  it('refuses what is no database, and leaves it as it is', async () => {
    const file = newFile();
    writeFileSync(file, 'date,delay\n2001-01-01,3\n'.repeat(500));
    const before = readFileSync(file);
    await expect(openSqliteEventStore({ file })).rejects.toMatchObject(corrupt(file));
    expect(readFileSync(file).equals(before)).toBe(true);
  });

  it('refuses a file that was cut off', async () => {
    const file = await filled();
    truncateSync(file, 40_000);
    await expect(readBackAndForth(file)).rejects.toMatchObject(corrupt(file));
  });

  it('refuses a file with garbage inside', async () => {
    const file = await filled();
    const bytes = readFileSync(file);
    bytes.fill(0xa5, 3 * 4096);
    writeFileSync(file, bytes);
    await expect(readBackAndForth(file)).rejects.toMatchObject(corrupt(file));
  });

  it('refuses a database of something else', async () => {
    const file = newFile();
    const other = new DatabaseSync(file);
    other.exec('CREATE TABLE events (id INTEGER)');
    other.close();
    await expect(openSqliteEventStore({ file })).rejects.toMatchObject(corrupt(file));
  });

  it('refuses a newer version and says so', async () => {
    const file = await filled(100);
    const newer = new DatabaseSync(file);
    newer.exec('PRAGMA user_version = 99');
    newer.close();
    await expect(openSqliteEventStore({ file })).rejects.toMatchObject({ code: 'STORE_CORRUPT', message: expect.stringMatching(/version 99.*version 1/) });
  });

  it('ends a subscription with the error', async () => {
    const file = await filled();
    const store = await openSqliteEventStore({ file });
    const bytes = readFileSync(file);
    bytes.fill(0xa5, 3 * 4096);
    writeFileSync(file, bytes);
    await expect(collect(store.subscribe({ signal: new AbortController().signal }))).rejects.toMatchObject(corrupt(file));
    await store.close();
  });
});

describe('SQLite event store: a folder it cannot use', () => {
  const unusable = { code: 'DATA_DIRECTORY_UNUSABLE' };

  /** Root may write everywhere, so root tries as somebody else. */
  async function asOrdinaryUser(work: () => Promise<void>): Promise<void> {
    if (process.geteuid?.() !== 0) return work();
    process.seteuid?.(65534);
    try {
      await work();
    } finally {
      process.seteuid?.(0);
    }
  }

  it('makes the folder when it is not there', async () => {
    const file = join(newFolder(), 'a', 'b', 'events.db');
    await readBackAndForth(file);
    expect(existsSync(file)).toBe(true);
  });

  it('refuses a folder that is a file', async () => {
    const file = await filled(100);
    await expect(openSqliteEventStore({ file: join(file, 'events.db') })).rejects.toMatchObject(unusable);
  });

  it('refuses a file that is a folder', async () => {
    await expect(openSqliteEventStore({ file: newFolder() })).rejects.toMatchObject(unusable);
  });

  it('refuses a folder that is read-only, with a log in it or not', async () => {
    const file = await filled(100);
    const folder = join(file, '..');
    chmodSync(file, 0o444);
    chmodSync(folder, 0o555);
    await asOrdinaryUser(async () => {
      await expect(openSqliteEventStore({ file })).rejects.toMatchObject({ ...unusable, message: expect.stringContaining(file) });
      await expect(openSqliteEventStore({ file: join(folder, 'new.db') })).rejects.toMatchObject(unusable);
      await expect(openSqliteEventStore({ file: join(folder, 'new', 'new.db') })).rejects.toMatchObject(unusable);
    });
    chmodSync(folder, 0o755);
  });

  it('refuses a log that is read-only when it is opened, not at the first append', async () => {
    const file = await filled(100);
    chmodSync(file, 0o444);
    chmodSync(join(file, '..'), 0o777);
    await asOrdinaryUser(async () => {
      await expect(openSqliteEventStore({ file })).rejects.toMatchObject({ ...unusable, message: expect.stringContaining(file) });
    });
  });
});

describe('SQLite event store: a full disk', () => {
  it('writes nothing of what does not fit, and goes on when there is room', async () => {
    const file = await filled(100);
    const database = new DatabaseSync(file, { timeout: 0 });
    database.exec('PRAGMA max_page_count = 60');
    const store = new SqliteEventStore(database, new LockPatience(file, 1000));
    const large = () => Array.from({ length: 15 }, () => newEvent('Large', { text: 'x'.repeat(60_000) }));
    await expect(store.append('run-2', large(), 'no-stream')).rejects.toMatchObject({ code: 'DISK_FULL', message: expect.stringContaining(file) });
    expect(await collect(store.readStream('run-2'))).toEqual([]);
    database.exec('PRAGMA max_page_count = 10000');
    expect(await store.append('run-2', large(), 'no-stream')).toMatchObject({ revision: 14 });
    await store.close();
  });
});
