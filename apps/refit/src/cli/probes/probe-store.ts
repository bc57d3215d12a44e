import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { hideCredentials } from '@refit/contracts';
import type { RefitConfig, StoreConfig } from '@refit/service';
import type { Finding } from './finding.js';

const what = 'event store';
const patienceMs = 5000;

/** Whether the event store answers. */
export const probeStore = async ({ store, dataDirectory }: RefitConfig): Promise<Finding> =>
  store.kind === 'kurrentdb' ? probeKurrentDb(store) : probeSqlite(join(dataDirectory, 'events.sqlite'));

function probeSqlite(file: string): Finding {
  if (!existsSync(file)) return { what, ok: true, says: `${file} is made at the first start` };
  try {
    const database = new DatabaseSync(file, { readOnly: true });
    database.prepare('SELECT count(*) FROM sqlite_schema').get();
    database.close();
    return { what, ok: true, says: `${file} can be read; ${(statSync(file).size / 1024 ** 2).toFixed(1)} MiB` };
  } catch (error) {
    return { what, ok: false, says: `${file} cannot be read as a SQLite file (${messageOf(error)}): put a backup in its place` };
  }
}

async function probeKurrentDb({ kind, url, ...rest }: StoreConfig & { kind: 'kurrentdb' }): Promise<Finding> {
  try {
    const { openKurrentDbEventStore } = await import('@refit/event-store/kurrentdb');
    const store = await openKurrentDbEventStore({ url, ...rest, patienceMs });
    await store.close();
    return { what, ok: true, says: `${kind} answers at ${hideCredentials(url)}` };
  } catch (error) {
    return { what, ok: false, says: hideCredentials(messageOf(error)) };
  }
}

const messageOf = (error: unknown) => (error instanceof Error ? error.message : String(error));
