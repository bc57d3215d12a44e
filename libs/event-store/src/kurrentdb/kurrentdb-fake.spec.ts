import { eventStoreContract } from '../contract/index.js';
import { openKurrentDbEventStore } from './open-kurrentdb-event-store.js';
import { FakeKurrentDb } from './testing/fake-kurrentdb.js';

eventStoreContract('KurrentDB adapter and client library, on a fake of the server (says nothing about a real one)', async () => {
  const server = new FakeKurrentDb();
  await server.start();
  let store = await openKurrentDbEventStore({ url: server.url });
  return {
    store,
    async reopen() {
      await store.close();
      store = await openKurrentDbEventStore({ url: server.url });
      return store;
    },
    async destroy() {
      await store.close();
      server.stop();
    },
  };
});
