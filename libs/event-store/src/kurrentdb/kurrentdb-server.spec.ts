import { afterAll, describe, expect, it } from 'vitest';
import { eventStoreContract } from '../contract/index.js';
import { collect, ids, newEvents, uniqueName } from '../contract/sample-events.js';
import { openKurrentDbEventStore } from './open-kurrentdb-event-store.js';
import { realServer } from './testing/real-server.js';

const server = await realServer();

if ('missing' in server) describe.skip(`KurrentDB, a real server: ${server.missing}`, () => void it('keeps the event store contract', () => {}));
else describe(`KurrentDB, a real server: ${server.from}`, () => suite(server.url, server.stop));

function suite(url: string, stop: () => Promise<void>): void {
  const open = () => openKurrentDbEventStore({ url });
  afterAll(stop);

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

  it('lets two processes see what the other writes, and one record', async () => {
    const [one, other] = [await open(), await open()];
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
}
