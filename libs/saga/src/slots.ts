/** Runs that wait for one kind of step, and the slots that work on them. A run waits at most once, in the order it came. */
export class Slots {
  readonly #waiting = new Map<string, string | undefined>();
  #busy = 0;
  #closed = false;

  /** `work` must not throw. */
  constructor(
    private readonly size: number,
    private readonly work: (runId: string, takeOver: string | undefined) => Promise<void>,
  ) {}

  /** `takeOver`: the dead lease that may be taken over. */
  offer(runId: string, takeOver?: string): void {
    if (takeOver !== undefined || !this.#waiting.has(runId)) this.#waiting.set(runId, takeOver);
    this.#fill();
  }

  /** Takes no more work. */
  close(): void {
    this.#closed = true;
    this.#waiting.clear();
  }

  #fill(): void {
    for (const [runId, takeOver] of this.#waiting) {
      if (this.#closed || this.#busy >= this.size) return;
      this.#waiting.delete(runId);
      this.#busy++;
      void this.work(runId, takeOver).finally(() => {
        this.#busy--;
        this.#fill();
      });
    }
  }
}
