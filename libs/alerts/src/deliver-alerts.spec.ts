import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { v7 as uuid } from 'uuid';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { AlertRaisedSchema, encodeEvent, event, heartbeatRecord, runStream, RunCancelledSchema } from '@refit/contracts';
import type { EventStore } from '@refit/event-store';
import { openSqliteEventStore } from '@refit/event-store/sqlite';
import { deliverAlerts, type RaisedAlert } from './deliver-alerts.js';

let folder: string;
let store: EventStore;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'refit-alerts-'));
  store = await openSqliteEventStore({ file: join(folder, 'events.sqlite') });
});
afterEach(async () => {
  await store.close();
  await rm(folder, { recursive: true });
});

const raise = (runId: string, title: string) =>
  store.append(runStream(runId), [event(AlertRaisedSchema, { title }), event(RunCancelledSchema, {})].map((e) => ({ id: uuid(), metadata: {}, ...encodeEvent(e) })), 'any');

const deliverers: { readonly stop: AbortController; readonly ended: Promise<void> }[] = [];
afterEach(async () => {
  for (const { stop } of deliverers) stop.abort();
  await Promise.all(deliverers.splice(0).map(({ ended }) => ended));
});

/** A process that delivers to the same sink as the others, and what came through it. The sink fails once for each of `refuses`. */
function start(instanceId: string, { refuses = [] as string[], soleInstance = false, predecessor = '', leaseTtlMs = 60_000 } = {}) {
  const delivered: string[] = [];
  const troubles: unknown[] = [];
  const stop = new AbortController();
  const sink = {
    name: 'test',
    async deliver({ runId, alert }: RaisedAlert) {
      if (refuses.includes(alert.title)) throw new Error(`not ${refuses.splice(refuses.indexOf(alert.title), 1)[0]} now`);
      delivered.push(`${runId}: ${alert.title}`);
    },
  };
  const ended = deliverAlerts({ store, sink, deliverer: { instanceId, leaseTtlMs, soleInstance, predecessor }, signal: stop.signal, onTrouble: (error) => troubles.push(error) });
  deliverers.push({ stop, ended });
  return { delivered, troubles, stop: () => {
    stop.abort();
    return ended;
  } };
}

const eventually = { timeout: 5000 };
const place = async () => (await store.getRecord('alerts-test'))?.value;

describe('alerts', () => {
  it('reach a sink in order, those from before it started first', async () => {
    await raise('a', 'one');
    const { delivered } = start('p1');
    await raise('b', 'two');
    await vi.waitFor(() => expect(delivered).toEqual(['a: one', 'b: two']));
  });

  it('come again when the sink did not take one, with nothing left out', async () => {
    for (const title of ['one', 'two', 'three']) await raise('a', title);
    const { delivered, troubles } = start('p1', { refuses: ['two'] });
    await vi.waitFor(() => expect(delivered).toEqual(['a: one', 'a: two', 'a: three']), eventually);
    expect(troubles).toMatchObject([{ message: 'not two now' }]);
  });

  it('are delivered by one of several processes, and by the next at once when that one stops', async () => {
    const first = start('p1');
    await vi.waitFor(async () => expect(await place()).toMatchObject({ owner: 'p1' }));
    const second = start('p2');
    await raise('a', 'one');
    await vi.waitFor(() => expect(first.delivered).toEqual(['a: one']));
    await first.stop();
    await raise('a', 'two');
    await vi.waitFor(() => expect(second.delivered).toEqual(['a: two']), eventually);
    expect(first.delivered).toEqual(['a: one']);
  });

  it('are left to a process whose heart beats, and taken over from one whose heart has stopped', async () => {
    await raise('a', 'one');
    await store.putRecord('alerts-test', { owner: 'p1', position: '' });
    const leaseTtlMs = 500;
    let beats = 0;
    const beating = setInterval(() => void store.putRecord(heartbeatRecord('p1'), { beat: ++beats }), leaseTtlMs / 25);
    const { delivered } = start('p2', { leaseTtlMs });
    await vi.waitFor(() => expect(beats).toBeGreaterThan(40), eventually);
    expect(delivered).toEqual([]);
    clearInterval(beating);
    await vi.waitFor(() => expect(delivered).toEqual(['a: one']), eventually);
  });

  it.each([['its predecessor', { predecessor: 'p1' }], ['anybody, when it is alone', { soleInstance: true }]])('are taken over at once from %s', async (_whom, how) => {
    await store.putRecord('alerts-test', { owner: 'p1', position: '' });
    start('p2', how);
    await vi.waitFor(async () => expect(await place()).toMatchObject({ owner: 'p2' }));
  });

  it('go on where they were left when the record was a place alone', async () => {
    await raise('a', 'one');
    await store.putRecord('alerts-test', (await store.head()) ?? '');
    const { delivered } = start('p1');
    await raise('a', 'two');
    await vi.waitFor(() => expect(delivered).toEqual(['a: two']));
  });

  it('are delivered no more by a process that was replaced', async () => {
    const { delivered } = start('p1');
    await vi.waitFor(async () => expect(await place()).toMatchObject({ owner: 'p1' }));
    await store.putRecord('alerts-test', { owner: 'p2', position: '' });
    for (const title of ['one', 'two', 'three']) await raise('a', title);
    await vi.waitFor(() => expect(delivered).toEqual(['a: one'])); // it learns of it with that one
    expect(await place()).toMatchObject({ owner: 'p2', position: '' });
  });
});
