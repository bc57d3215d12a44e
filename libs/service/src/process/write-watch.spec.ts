import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { RefitError } from '@refit/contracts';
import type { EventStore } from '@refit/event-store';
import { openSqliteEventStore } from '@refit/event-store/sqlite';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { WriteWatch } from './write-watch.js';

let folder: string;
let opened: EventStore;
let full: boolean;
let told: string[];
let watch: WriteWatch;
let store: EventStore;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'refit-writes-'));
  opened = await openSqliteEventStore({ file: join(folder, 'events.sqlite') });
  full = false;
  told = [];
  watch = new WriteWatch({ warn: (_fields: unknown, text?: string) => void told.push(text ?? ''), info: (text: unknown) => void told.push(String(text)) });
  const refuse = () => Promise.reject(new RefitError('DISK_FULL', 'the disk is full'));
  store = watch.over({
    append: (...of) => (full ? refuse() : opened.append(...of)),
    putRecord: (...of) => (full ? refuse() : opened.putRecord(...of)),
    getRecord: (name) => opened.getRecord(name),
    readStream: (...of) => opened.readStream(...of),
    readAll: (...of) => opened.readAll(...of),
    subscribe: (options) => opened.subscribe(options),
    head: () => opened.head(),
    close: () => opened.close(),
  });
});
afterEach(async () => {
  await store.close();
  rmSync(folder, { recursive: true });
});

it('tells why the store cannot be written while that lasts, though it can be read', async () => {
  expect(watch.why).toBeUndefined();
  full = true;
  await expect(store.putRecord('heartbeat', 1)).rejects.toThrow('the disk is full');
  expect(await store.head()).toBeUndefined();
  expect(watch.why).toBe('the event store cannot be written: the disk is full');
  full = false;
  await store.putRecord('heartbeat', 2);
  expect(watch.why).toBeUndefined();
  expect(told).toEqual(['the event store cannot be written', 'the event store can be written again']);
});

it('takes no conflict for trouble', async () => {
  await store.putRecord('lease', 1, 'none');
  await expect(store.putRecord('lease', 2, 'none')).rejects.toMatchObject({ code: 'REVISION_CONFLICT' });
  expect(watch.why).toBeUndefined();
});
