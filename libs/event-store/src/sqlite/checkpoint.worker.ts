import { DatabaseSync } from 'node:sqlite';
import { parentPort, workerData } from 'node:worker_threads';

/**
 * Moves the WAL into the database when asked to. SQLite's automatic checkpoint never takes the write lock: while
 * several processes keep writing it does not get to the end, the WAL grows without bound, and each commit tries again.
 */

const attempts = 20;
const pauseMs = 1;

// This file only ever runs as the worker of a Checkpointer, which passes the file's name.
const port = parentPort as NonNullable<typeof parentPort>;
const database = new DatabaseSync(workerData as string, { timeout: 0 });
const sleepCell = new Int32Array(new SharedArrayBuffer(4));

port.on('message', (message: 'checkpoint' | 'close') => {
  if (message === 'checkpoint') return checkpoint();
  database.close();
  port.close();
});

/** Most of it without the write lock, so that the rest is soon done with it. */
function checkpoint(): void {
  moved('PASSIVE');
  for (let attempt = 0; attempt < attempts && !moved('RESTART'); attempt += 1) Atomics.wait(sleepCell, 0, 0, pauseMs * (0.5 + Math.random()));
}

function moved(mode: 'PASSIVE' | 'RESTART'): boolean {
  try {
    return database.prepare(`PRAGMA wal_checkpoint(${mode})`).get()?.['busy'] === 0;
  } catch {
    // Nothing is lost but time. If the disk is full or broken, the next append meets that and says so.
    return false;
  }
}
