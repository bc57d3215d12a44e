/** What the word in the shared memory says: how many guarded pieces of work the thread is in, or that it is being ended. */
const ENDING = -1;

/**
 * Keeps a thread from being ended in the middle of native code, which would take the whole process with it. Both sides
 * share one word of memory, so that it holds also while the thread's event loop is busy.
 */
export class ThreadGuard {
  readonly #word: Int32Array<SharedArrayBuffer>;

  constructor(readonly memory: SharedArrayBuffer = new SharedArrayBuffer(4)) {
    this.#word = new Int32Array(memory);
  }

  /** In the thread: does the work, during which the thread is not ended. @throws Error when it is being ended already */
  async whileHeld<T>(work: () => Promise<T>): Promise<T> {
    for (let held = this.#held; ; held = this.#held) {
      if (held === ENDING) throw new Error('the thread is being ended');
      if (Atomics.compareExchange(this.#word, 0, held, held + 1) === held) break;
    }
    try {
      return await work();
    } finally {
      Atomics.sub(this.#word, 0, 1);
    }
  }

  /** Outside: from now on nothing guarded begins; false while something is under way. */
  tryEnd(): boolean {
    return [0, ENDING].includes(Atomics.compareExchange(this.#word, 0, 0, ENDING));
  }

  get #held(): number {
    return Atomics.load(this.#word, 0);
  }
}
