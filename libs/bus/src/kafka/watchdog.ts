const tickMs = 2_000;

/**
 * Calls `bark` when nothing was heard for so long. Counts ticks, not time: a process that was stopped for a while is not
 * taken for one whose broker is silent.
 */
export class Watchdog {
  readonly #timer: NodeJS.Timeout;
  #silentTicks = 0;

  constructor(patienceMs: number, bark: () => void) {
    this.#timer = setInterval(() => {
      if (++this.#silentTicks * tickMs <= patienceMs) return;
      this.stop();
      bark();
    }, tickMs).unref();
  }

  heard(): void {
    this.#silentTicks = 0;
  }

  stop(): void {
    clearInterval(this.#timer);
  }
}
