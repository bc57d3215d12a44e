import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { v7 as uuid } from 'uuid';
import { RefitError } from '@refit/contracts';
import type { EventStore } from '@refit/event-store';
import { openSqliteEventStore } from '@refit/event-store/sqlite';
import { followLog } from './follow-log.js';

const silent = { debug() {}, info() {}, warn() {}, error() {} };
let folder: string;
let store: EventStore;
const stopping = { current: new AbortController(), ended: Promise.resolve() };
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'refit-follow-'));
  store = await openSqliteEventStore({ file: join(folder, 'events.sqlite') });
  stopping.current = new AbortController();
});
afterEach(async () => {
  stopping.current.abort();
  await stopping.ended;
  await store.close();
  await rm(folder, { recursive: true });
});

let sold = 0;
const sell = async (item: string) => {
  await store.append(`shop-${sold++}`, [{ id: uuid(), type: 'shop.v1.Sold', data: { item }, metadata: {} }], 'no-stream');
};

/** Items in the order in which they are heard of. */
function follow(from: 'start' | 'end', source: EventStore = store, take: (item: string) => void = () => {}): string[] {
  const heard: string[] = [];
  stopping.ended = followLog({ store: source, filter: { streamPrefixes: ['shop-'] }, from, signal: stopping.current.signal, logger: silent, name: 'sales' }, (message) => {
    if (message.kind !== 'event') return;
    heard.push(message.event.data['item'] as string); // as it was sold
    take(heard.at(-1) ?? '');
  });
  return heard;
}

/** The store, whose calls of one kind fail at first. */
function troubled(method: 'head' | 'subscribe', times: number): EventStore {
  let left = times;
  return new Proxy(store, {
    get(target, name) {
      const member = Reflect.get(target, name) as unknown;
      if (name === method && left-- > 0) return () => { throw new RefitError('STORE_UNAVAILABLE', 'away for a moment'); };
      return typeof member === 'function' ? (member.bind(target) as unknown) : member;
    },
  });
}

describe('following the log', () => {
  it('begins at its start, or at its end', async () => {
    await sell('early');
    const late = follow('end');
    await expect.poll(async () => { await sell('late'); return late.length; }).toBeGreaterThan(0);
    expect(late).not.toContain('early');
    stopping.current.abort();
    await stopping.ended;
    stopping.current = new AbortController();
    const all = follow('start');
    await expect.poll(() => all[0]).toBe('early');
  });

  it('comes back when it could not begin, and hears all that happened meanwhile', async () => {
    const heard = follow('start', troubled('subscribe', 2));
    await sell('meanwhile');
    await expect.poll(() => heard).toEqual(['meanwhile']);
  });

  it('comes back when the end of the log could not be found', async () => {
    const heard = follow('end', troubled('head', 2));
    await expect.poll(async () => { await sell('after'); return heard.at(-1); }).toBe('after');
  });

  it('goes on where a subscription broke off, without gaps and repetitions', async () => {
    for (const item of ['a', 'b', 'c']) await sell(item);
    const breaking = new Proxy(store, {
      get(target, name) {
        const member = Reflect.get(target, name) as unknown;
        if (name !== 'subscribe') return typeof member === 'function' ? (member.bind(target) as unknown) : member;
        return async function* (options: Parameters<EventStore['subscribe']>[0]) {
          for await (const message of target.subscribe(options)) {
            yield message;
            if (message.kind === 'event') throw new RefitError('STORE_UNAVAILABLE', 'the connection is lost');
          }
        };
      },
    });
    const heard = follow('start', breaking);
    await expect.poll(() => heard.length, { timeout: 10_000 }).toBe(3);
    expect(heard).toEqual(['a', 'b', 'c']);
  });

  it('passes over an event that cannot be taken in', async () => {
    for (const item of ['sound', 'broken', 'sound too']) await sell(item);
    const heard = follow('start', store, (item) => {
      if (item === 'broken') throw new Error('on purpose');
    });
    await expect.poll(() => heard).toEqual(['sound', 'broken', 'sound too']);
  });
});
