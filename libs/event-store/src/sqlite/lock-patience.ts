import { setTimeout as sleep } from 'node:timers/promises';
import { isLocked, storeError } from './sqlite-errors.js';

const pauseMs = 1;
const longestPauseMs = 16;
/** After this many short pauses the lock counts as held by something slow. */
const shortPauses = 1000;

/**
 * Waits while another process has the file locked, without holding the event loop: SQLite's own busy handler sleeps
 * in it.
 */
export class LockPatience {
  readonly file: string;
  readonly timeoutMs: number;

  constructor(file: string, timeoutMs: number) {
    this.file = file;
    this.timeoutMs = timeoutMs;
  }

  /**
   * What `work` returns, tried again while the file is locked. The first try is made at once, in the same turn.
   *
   * @throws RefitError STORE_UNAVAILABLE when the lock is held for longer than the timeout; what `storeError` makes of other failures
   */
  async run<T>(work: () => T): Promise<T> {
    const start = performance.now();
    for (let attempt = 0; ; attempt += 1) {
      try {
        return work();
      } catch (error) {
        if (!isLocked(error) || performance.now() - start > this.timeoutMs) throw storeError(error, this.file);
      }
      await pause(attempt);
    }
  }
}

/**
 * Half of the pause to one and a half, so that several that wait do not knock in step. Pauses do not grow at first:
 * with many writers, who waits long while others knock often would wait ever longer.
 */
export function pause(attempt: number): Promise<void> {
  return sleep((attempt < shortPauses ? pauseMs : longestPauseMs) * (0.5 + Math.random()));
}
