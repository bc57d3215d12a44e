import type { Logger } from 'pino';

const everyMs = 10_000;

/** What can happen a thousand times a second is said now and then, with how often it went unsaid. */
export class SelectiveLog {
  readonly #logger: Logger;
  #last = Number.NEGATIVE_INFINITY;
  #unsaid = 0;

  constructor(logger: Logger) {
    this.#logger = logger;
  }

  warn(fields: Readonly<Record<string, unknown>>, text: string): void {
    if (performance.now() - this.#last < everyMs) {
      this.#unsaid++;
      return;
    }
    this.#last = performance.now();
    this.#logger.warn({ ...fields, ...(this.#unsaid > 0 && { unsaid: this.#unsaid }) }, text);
    this.#unsaid = 0;
  }
}
