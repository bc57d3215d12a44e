import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { v7 as uuid } from 'uuid';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AlertRaisedSchema, encodeEvent, event, runStream, RunCancelledSchema } from '@refit/contracts';
import type { EventStore } from '@refit/event-store';
import { openSqliteEventStore } from '@refit/event-store/sqlite';
import { deliverAlerts } from './deliver-alerts.js';

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

/** Delivers until `count` titles have come; the sink fails on those that `refuses` names. */
async function deliver(count: number, refuses: string[] = []): Promise<string[]> {
  const titles: string[] = [];
  const abort = new AbortController();
  await deliverAlerts(store, {
    name: 'test',
    async deliver({ runId, alert }) {
      if (refuses.includes(alert.title)) throw new Error('not now');
      titles.push(`${runId}: ${alert.title}`);
      if (titles.length === count) setTimeout(() => abort.abort(), 20);
    },
  }, abort.signal).catch(() => {});
  return titles;
}

describe('alerts', () => {
  it('reach a sink in order, those from before it started first', async () => {
    await raise('a', 'one');
    const delivering = deliver(2);
    await raise('b', 'two');
    expect(await delivering).toEqual(['a: one', 'b: two']);
  });

  it('go on where the sink was left, and come again when it did not take one', async () => {
    for (const title of ['one', 'two', 'three']) await raise('a', title);
    expect(await deliver(3, ['two'])).toEqual(['a: one']);
    expect(await deliver(2)).toEqual(['a: two', 'a: three']);
  });
});
