import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventStoreContract } from '../contract/index.js';
import { openSqliteEventStore } from './open-sqlite-event-store.js';

eventStoreContract('SQLite', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'refit-event-store-'));
  const file = join(folder, 'events.db');
  let store = await openSqliteEventStore({ file });
  return {
    store,
    async reopen() {
      await store.close();
      store = await openSqliteEventStore({ file });
      return store;
    },
    async destroy() {
      await store.close();
      rmSync(folder, { recursive: true });
    },
  };
});
