import { isLocked } from './sqlite-errors.js';

/** With 6 processes that write all the time, shorter ones cost throughput and longer ones make the unlucky wait. */
const pauseMs = 0.75;
const longestPauseMs = 10;
/** After this many short pauses the lock counts as held by something slow. */
const shortPauses = 200;

const sleepCell = new Int32Array(new SharedArrayBuffer(4));

/**
 * Does something with the file in a thread that may sleep, once no other process has it locked. SQLite's own busy
 * handler is no use even there: its pauses grow to 100 ms while others take the lock again and again.
 *
 * @throws what `work` throws; that it is locked, after the timeout
 */
export function onceUnlocked<T>(timeoutMs: number, work: () => T): T {
  const end = performance.now() + timeoutMs;
  for (let attempt = 0; ; attempt += 1) {
    try {
      return work();
    } catch (error) {
      if (!isLocked(error) || performance.now() > end) throw error;
    }
    sleepSync(attempt < shortPauses ? pauseMs : longestPauseMs);
  }
}

/** Half of it to one and a half, so that several that wait do not knock in step. */
export function sleepSync(milliseconds: number): void {
  Atomics.wait(sleepCell, 0, 0, milliseconds * (0.5 + Math.random()));
}
