import { afterAll, describe, expect, it } from 'vitest';
import { eventStoreContract } from '../contract/index.js';
import { collect, ids, newEvents, uniqueName } from '../contract/sample-events.js';
import { openKurrentDbEventStore } from './open-kurrentdb-event-store.js';
import { realServer } from './testing/real-server.js';

const server = await realServer();
const running = 'missing' in server ? [] : [server];
const where = 'missing' in server ? `not run, contract included: ${server.missing}` : server.from;

afterAll(() => Promise.all(running.map((one) => one.stop())));

describe.each(running)('KurrentDB, a real server: $from', ({ url }) => {
  const open = () => openKurrentDbEventStore({ url });
  eventStoreContract('KurrentDB', async () => {
    let store = await open();
    return {
      store,
      async reopen() {
        await store.close();
        store = await open();
        return store;
      },
      destroy: () => store.close(),
    };
  });
});

it.skipIf('missing' in server)(`KurrentDB, a real server (${where}), shows two processes what the other writes, and one record`, async () => {
  const url = running.map((one) => one.url).join();
  const [one, other] = [await openKurrentDbEventStore({ url }), await openKurrentDbEventStore({ url })];
  const stream = uniqueName();
  const events = newEvents(2);
  const appended = await one.append(stream, events, 'no-stream');
  expect(await other.append(stream, events, 'no-stream')).toEqual(appended);
  expect(ids(await collect(other.readStream(stream)))).toEqual(ids(events));
  const record = await one.putRecord(stream, 1, 'none');
  await expect(other.putRecord(stream, 2, 'none')).rejects.toMatchObject({ code: 'REVISION_CONFLICT' });
  expect(await other.putRecord(stream, 2, record.revision)).toMatchObject({ value: 2 });
  await Promise.all([one.close(), other.close()]);
});
