const tries = 3;

/** Counts how often a message has failed: one that fails for no known reason must not hold up all behind it for ever. */
export class RepeatedFailures {
  readonly #failures = new Map<string, number>();

  /** Notes a failure; true when there is to be no further try. */
  isLast(origin: string): boolean {
    const failures = (this.#failures.get(origin) ?? 0) + 1;
    this.#failures.set(origin, failures);
    return failures >= tries;
  }

  /** It was answered for. */
  forget(origin: string): void {
    this.#failures.delete(origin);
  }
}
