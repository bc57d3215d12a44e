import { setImmediate as nextTurn } from 'node:timers/promises';

const shareMs = 8;

/**
 * Keeps a long read from holding the event loop: its consumer may run from one event to the next without ever
 * leaving the microtask queue, so time is measured here.
 */
export class LoopShare {
  #since = performance.now();

  /** The loop has been held for long enough: `await rest()`. */
  get spent(): boolean {
    return performance.now() - this.#since > shareMs;
  }

  async rest(): Promise<void> {
    await nextTurn();
    this.#since = performance.now();
  }
}
