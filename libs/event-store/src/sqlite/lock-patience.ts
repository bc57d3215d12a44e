import { setTimeout as sleep } from 'node:timers/promises';
import { isLocked, lockedError, storeError } from './sqlite-errors.js';

const firstPauseMs = 1;
const longestPauseMs = 16;

/**
 * Waits its turn at a lock that another process holds, without holding the event loop (SQLite's own busy handler
 * sleeps in it). Pauses are jittered, so that several waiting processes do not knock in step.
 */
export class LockPatience {
  readonly #file: string;
  readonly timeoutMs: number;

  constructor(file: string, timeoutMs: number) {
    this.#file = file;
    this.timeoutMs = timeoutMs;
  }

  /**
   * What `work` returns, tried again while the file is locked. `work` runs at once when it is not.
   *
   * @throws RefitError STORE_UNAVAILABLE when the lock is held for longer than the timeout, and what `storeError` makes of other failures
   */
  async run<T>(work: () => T): Promise<T> {
    const start = performance.now();
    for (let attempt = 0; ; attempt += 1) {
      try {
        return work();
      } catch (error) {
        if (!isLocked(error)) throw storeError(error, this.#file);
        if (performance.now() - start > this.timeoutMs) throw lockedError(this.#file, this.timeoutMs, error);
      }
      await pause(attempt);
    }
  }

  expired(cause?: unknown) {
    return lockedError(this.#file, this.timeoutMs, cause);
  }
}

/** Doubles from 1 to 16 ms, of which a random half to whole is taken. */
export function pause(attempt: number): Promise<void> {
  const longest = Math.min(longestPauseMs, firstPauseMs * 2 ** Math.min(attempt, 10));
  return sleep(longest * (0.5 + Math.random() / 2));
}
