import type { DatabaseSync } from 'node:sqlite';
import { sleepSync } from './once-unlocked.js';

/** One row dirties up to four pages of 4 KiB: at most about 8 MB of WAL. */
const rowsBetween = 500;
const attempts = 20;
const pauseMs = 0.3;

/**
 * Moves the WAL into the database now and then. SQLite's own checkpoint does it without the write lock: while several
 * processes keep writing it never gets to the end, the WAL grows without bound, and each commit tries again in vain.
 */
export class WalCheckpoints {
  readonly #database: DatabaseSync;
  // Due at once: a process that was killed may have left a long WAL.
  #rows = rowsBetween;

  constructor(database: DatabaseSync) {
    this.#database = database;
    database.exec('PRAGMA wal_autocheckpoint = 0');
  }

  written(rows: number): void {
    this.#rows += rows;
  }

  /** When no lock is to be had, the next checkpoint will do it. */
  runIfDue(): void {
    if (this.#rows < rowsBetween) return;
    this.#rows = 0;
    for (let attempt = 0; attempt < attempts && !this.#run(); attempt += 1) sleepSync(pauseMs);
  }

  /** RESTART takes the write lock for the end of it; without that lock, it goes as far as it can. */
  #run(): boolean {
    try {
      return this.#database.prepare('PRAGMA wal_checkpoint(RESTART)').get()?.['busy'] === 0;
    } catch {
      // Nothing is lost. If the disk is full or broken, the next write meets that and says so.
      return false;
    }
  }
}
