import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { RefitError } from '@refit/contracts';
import type { EventStore } from '../event-store.js';
import { LockPatience } from './lock-patience.js';
import { prepareSchema } from './schema.js';
import { storeError } from './sqlite-errors.js';
import { SqliteEventStore } from './sqlite-event-store.js';

export interface SqliteEventStoreOptions {
  /** Created, with its folder, when it is not there. On a local disk: WAL does not work over a network. */
  readonly file: string;
  /**
   * `FULL` (default): what was appended survives a loss of power. `NORMAL`: it survives a crash of the process; the
   * last appends before a loss of power may be gone. Grouped appends are about equally fast either way.
   */
  readonly synchronous?: 'FULL' | 'NORMAL';
  /** How long a write waits while another process holds the file's lock; 5 s by default. */
  readonly lockTimeoutMs?: number;
}

/**
 * Opens the event store in an SQLite file, which several processes of one machine may have open at the same time.
 *
 * @throws RefitError STORE_UNAVAILABLE (locked for too long), STORE_CORRUPT, DATA_DIRECTORY_UNUSABLE, DISK_FULL
 */
export async function openSqliteEventStore({ file, synchronous = 'FULL', lockTimeoutMs = 5000 }: SqliteEventStoreOptions): Promise<EventStore> {
  const database = openFile(file);
  const patience = new LockPatience(file, lockTimeoutMs);
  try {
    await patience.run(() => {
      configure(database, synchronous);
      prepareSchema(database, file);
    });
    return new SqliteEventStore(database, patience);
  } catch (error) {
    database.close();
    throw error;
  }
}

function openFile(file: string): DatabaseSync {
  try {
    mkdirSync(dirname(file), { recursive: true });
  } catch (error) {
    throw new RefitError('DATA_DIRECTORY_UNUSABLE', `The folder of the event store ${file} cannot be created. Check who may write there, or choose another data folder.`, { cause: error });
  }
  try {
    // Never SQLite's own wait for a lock: it sleeps inside the event loop.
    return new DatabaseSync(file, { timeout: 0 });
  } catch (error) {
    throw storeError(error, file);
  }
}

/** Checkpoints are the Checkpointer's. */
function configure(database: DatabaseSync, synchronous: 'FULL' | 'NORMAL'): void {
  database.exec(`PRAGMA journal_mode = WAL; PRAGMA synchronous = ${synchronous}; PRAGMA wal_autocheckpoint = 0; PRAGMA cache_size = -8000; PRAGMA temp_store = MEMORY;`);
}
