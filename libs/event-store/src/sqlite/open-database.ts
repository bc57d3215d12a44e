import { DatabaseSync } from 'node:sqlite';

/** A connection in WAL mode that never waits for a lock inside SQLite: its wait sleeps, wherever it runs. */
export function openDatabase(file: string): DatabaseSync {
  return new DatabaseSync(file, { timeout: 0 });
}

/** Of the file once and for all, and of this connection. @throws what SQLite throws, locked among it */
export function configure(database: DatabaseSync, synchronous: 'FULL' | 'NORMAL'): void {
  database.exec(`PRAGMA journal_mode = WAL; PRAGMA synchronous = ${synchronous}; PRAGMA cache_size = -8000; PRAGMA temp_store = MEMORY;`);
}
