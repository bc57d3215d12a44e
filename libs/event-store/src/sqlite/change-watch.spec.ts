import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { openBell } from './bell.js';
import { ChangeWatch } from './change-watch.js';
import { temporaryFolders } from './temporary-folder.js';

describe('the watch for commits of other connections', () => {
  const newFolder = temporaryFolders();
  const ends: (() => void)[] = [];
  afterEach(() => {
    ends.splice(0).forEach((end) => end());
    vi.restoreAllMocks();
    syncBuiltinESMExports();
  });

  /** A connection that counts rows when its watch tells it to, and another one that writes. */
  function watched({ prompt }: { readonly prompt: boolean }) {
    const file = join(newFolder(), 'watched.db');
    const open = () => {
      const database = new DatabaseSync(file);
      database.exec('PRAGMA journal_mode = WAL; CREATE TABLE IF NOT EXISTS rows (x)');
      return database;
    };
    const [reader, writer] = [open(), open()];
    const count = reader.prepare('SELECT count(*) AS rows FROM rows');
    const insert = writer.prepare('INSERT INTO rows VALUES (1)');
    const bell = openBell(file);
    const seen = { rows: 0, calls: 0 };
    const watch = new ChangeWatch(reader, file);
    watch.prompt = prompt;
    watch.start(() => {
      const before = seen.rows;
      seen.calls += 1;
      seen.rows = Number(count.get()?.['rows']);
      return seen.rows > before;
    });
    ends.push(() => watch.stop(), () => reader.close(), () => writer.close(), () => bell.close());
    const until = (rows: number) => vi.waitFor(() => expect(seen.rows).toBe(rows), { timeout: 10_000, interval: 5 });
    return { watch, seen, until, writeQuietly: () => insert.run(), write: () => (insert.run(), bell.ring()), writeHere: () => reader.exec('INSERT INTO rows VALUES (1)') };
  }

  it.each([{ prompt: true }, { prompt: false }])('tells of each of them, at once ($prompt) or in a moment', async ({ prompt }) => {
    const { seen, write, until } = watched({ prompt });
    for (let rows = 1; rows <= 30; rows++) {
      write();
      await until(rows);
    }
    expect(seen.rows).toBe(30);
  });

  it('tells of them when nobody has rung: the bell of a process that ended just then is never heard', async () => {
    const { seen, write, writeQuietly, until } = watched({ prompt: true });
    write();
    await until(1);
    for (let rows = 2; rows <= 5; rows++) {
      writeQuietly();
      await until(rows);
    }
    expect(seen.rows).toBe(5);
  });

  it('tells of them where files cannot be watched', async () => {
    const refusing = vi.spyOn(fs, 'watch').mockImplementation(() => {
      throw new Error('no more watches');
    });
    syncBuiltinESMExports();
    const { write, until } = watched({ prompt: true });
    for (let rows = 1; rows <= 30; rows++) {
      write();
      await until(rows);
    }
    expect(refusing).toHaveBeenCalled();
  });

  it('asks the operating system for nothing while nobody else writes', async () => {
    const listening = vi.spyOn(fs, 'watch');
    syncBuiltinESMExports();
    const { watch, seen, writeHere } = watched({ prompt: true });
    await vi.waitFor(() => expect(seen.calls).toBe(1));
    writeHere();
    await sleep(50);
    expect([seen.calls, listening.mock.calls.length]).toEqual([1, 0]);
    watch.stop();
  });

  it('tells of nothing after its end', async () => {
    const { watch, seen, write, until } = watched({ prompt: true });
    write();
    await until(1);
    write();
    watch.stop();
    write();
    await sleep(100);
    expect(seen.rows).toBe(1);
  });
});
