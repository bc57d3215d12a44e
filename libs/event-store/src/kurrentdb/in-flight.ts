/** Work under way, so many at once; the rest waits its turn. */
export class InFlight {
  readonly #most: number;
  readonly #running = new Set<Promise<unknown>>();
  readonly #waiting: (() => void)[] = [];
  #taken = 0;

  constructor(most: number) {
    this.#most = most;
  }

  run<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#inTurn(work);
    const settled = result.then(() => {}, () => {}).finally(() => this.#running.delete(settled));
    this.#running.add(settled);
    return result;
  }

  /** Resolves when nothing is under way and nothing waits. */
  async settled(): Promise<void> {
    while (this.#running.size > 0) await Promise.all(this.#running);
  }

  async #inTurn<T>(work: () => Promise<T>): Promise<T> {
    if (this.#taken >= this.#most) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    else this.#taken += 1;
    try {
      return await work();
    } finally {
      // A place is handed on, so that nobody who comes just now takes it first.
      const next = this.#waiting.shift();
      if (next === undefined) this.#taken -= 1;
      else next();
    }
  }
}
