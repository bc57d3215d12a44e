import { setTimeout as sleep } from 'node:timers/promises';
import { RefitError } from '@refit/contracts';
import { isLocked, storeFault } from './sqlite-errors.js';

const longestPauseMs = 16;

/**
 * Waits while another process has the file locked, without holding the event loop (SQLite's own busy handler sleeps
 * in it). Readers seldom meet a lock in WAL mode: when the first process opens the file, or the last one closes it.
 */
export class LockPatience {
  readonly #file: string;
  readonly #timeoutMs: number;

  constructor(file: string, timeoutMs: number) {
    this.#file = file;
    this.#timeoutMs = timeoutMs;
  }

  /**
   * What `work` returns, tried again while the file is locked. The first try is made at once, in the same turn.
   *
   * @throws RefitError STORE_UNAVAILABLE when the lock is held for longer than the timeout; what `explain` makes of others
   */
  async run<T>(work: () => T): Promise<T> {
    const start = performance.now();
    for (let attempt = 0; ; attempt += 1) {
      try {
        return work();
      } catch (error) {
        if (!isLocked(error) || performance.now() - start > this.#timeoutMs) throw this.explain(error);
      }
      const longest = Math.min(longestPauseMs, 2 ** attempt);
      await sleep(longest * (0.5 + Math.random() / 2));
    }
  }

  /** The error of Refit that says the same about the store's file; what is not SQLite's stays as it is. */
  explain(error: unknown): Error {
    const fault = storeFault(error, this.#file);
    if (fault !== undefined) return new RefitError(fault.code, fault.message, { cause: error });
    return error instanceof Error ? error : new Error(String(error));
  }
}
