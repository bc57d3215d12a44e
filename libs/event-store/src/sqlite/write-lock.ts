import type { DatabaseSync } from 'node:sqlite';
import { isLocked } from './sqlite-errors.js';

const pauseMs = 0.5;
const longestPauseMs = 10;
/** After this many short pauses the lock counts as held by something slow. */
const shortPauses = 200;

const sleepCell = new Int32Array(new SharedArrayBuffer(4));

/**
 * Begins a write transaction in a thread that may sleep; false when others held the lock for longer than the timeout.
 * SQLite's own busy handler is no use even there: its pauses grow to 100 ms while others take the lock again and again.
 */
export function takeWriteLock(database: DatabaseSync, timeoutMs: number): boolean {
  const end = performance.now() + timeoutMs;
  for (let attempt = 0; ; attempt += 1) {
    try {
      database.exec('BEGIN IMMEDIATE');
      return true;
    } catch (error) {
      if (!isLocked(error)) throw error;
      if (performance.now() > end) return false;
    }
    sleepSync(attempt < shortPauses ? pauseMs : longestPauseMs);
  }
}

/** Half of it to one and a half, so that several that wait do not knock in step. */
export function sleepSync(milliseconds: number): void {
  Atomics.wait(sleepCell, 0, 0, milliseconds * (0.5 + Math.random()));
}
