import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { Follower } from '../contract/follower.js';
import { collect, ids, newEvents } from '../contract/sample-events.js';
import type { EventStore } from '../event-store.js';
import { openSqliteEventStore } from './open-sqlite-event-store.js';
import { temporaryFolders } from './temporary-folder.js';

/** Compiled: a process of its own does not know about TypeScript. */
const script = (name: string) => new URL(`../../dist/sqlite/spec-processes/${name}.js`, import.meta.url);

const start = (name: string, ...values: (string | number)[]) => fork(script(name), values.map(String), { execArgv: [] });

/** The ids that a writing process has told. */
function acknowledged(writer: ChildProcess): string[] {
  const told: string[] = [];
  // The writing process sends nothing but ids.
  writer.on('message', (id) => told.push(id as string));
  return told;
}

async function readEverything(store: EventStore) {
  const events = await collect(store.readAll());
  for (const own of Map.groupBy(events, (event) => event.stream).values()) {
    expect(own.map((event) => event.revision)).toEqual(own.map((_, index) => index));
  }
  return events;
}

describe('SQLite event store in several processes', () => {
  const newFolder = temporaryFolders();

  it('shows every subscriber all that 4 processes write at once, in one order', { timeout: 60_000 }, async () => {
    const file = join(newFolder(), 'events.db');
    const store = await openSqliteEventStore({ file });
    await store.append('before', newEvents(200), 'no-stream');
    const total = 200 + 4 * 250;
    const follower = start('following-process', file, total);
    await once(follower, 'message');
    let seenThere: unknown;
    follower.on('message', (message) => {
      seenThere = message;
    });
    const followed = once(follower, 'close');
    const here = new Follower(store);
    const writers = Array.from({ length: 4 }, (_, index) => start('writing-process', file, `writer-${index}`, 250));
    const told = writers.map(acknowledged);
    await Promise.all(writers.map((writer) => once(writer, 'close')));
    const seenHere = ids(await here.eventsUpTo(total));
    const everything = ids(await readEverything(store));
    expect(everything).toHaveLength(total);
    expect(new Set(everything)).toEqual(new Set([...everything.slice(0, 200), ...told.flat()]));
    expect(seenHere).toEqual(everything);
    await followed;
    expect(seenThere).toEqual(everything);
    await here.stop();
    await store.close();
  });

  it('keeps every acknowledged event when writers are killed', { timeout: 60_000 }, async () => {
    const file = join(newFolder(), 'events.db');
    const told: string[] = [];
    for (const [round, milliseconds] of [7, 83, 190].entries()) {
      const writers = [0, 1].map((index) => start('writing-process', file, `round-${round}-${index}`, 1_000_000));
      const lists = writers.map(acknowledged);
      await Promise.all(writers.map((writer) => once(writer, 'message')));
      await sleep(milliseconds);
      for (const writer of writers) writer.kill('SIGKILL');
      await Promise.all(writers.map((writer) => once(writer, 'close')));
      told.push(...lists.flat());

      const store = await openSqliteEventStore({ file });
      const kept = new Set(ids(await readEverything(store)));
      expect(told.filter((id) => !kept.has(id))).toEqual([]);
      await store.append(`after-${round}`, newEvents(1), 'no-stream');
      await store.close();
    }
    const database = new DatabaseSync(file);
    expect(database.prepare('PRAGMA integrity_check').get()).toEqual({ integrity_check: 'ok' });
    database.close();
  });

  it('moves the WAL into the file while it is written to', { timeout: 60_000 }, async () => {
    const file = join(newFolder(), 'events.db');
    const store = await openSqliteEventStore({ file });
    for (let index = 0; index < 30; index += 1) await store.append('busy', newEvents(100), 'any');
    const reader = new DatabaseSync(file);
    const moved = () => reader.prepare('PRAGMA wal_checkpoint(PASSIVE)').get() as { log: number };
    await store.append('busy', newEvents(1), 'any');
    for (let tries = 0; tries < 200 && moved().log > 500; tries += 1) {
      await sleep(10);
      await store.append('busy', newEvents(1), 'any');
    }
    expect(moved().log).toBeLessThanOrEqual(500);
    reader.close();
    await store.close();
  });
});
