import type { Logger } from 'pino';

/** So often it is said again that something is still away. */
const toldEveryMs = 30_000;

/** Whether one thing works: told when that changes, and now and then while it does not. */
export class Availability {
  readonly #what: string;
  readonly #logger: Logger;
  #why: string | undefined;
  #told = 0;

  /** `what`: `Kafka at 127.0.0.1:9092`, `the consumer group refit.trigger`. Not known to work at first: `why`. */
  constructor(what: string, logger: Logger, why: string) {
    this.#what = what;
    this.#logger = logger;
    this.#why = why;
  }

  /** What is wrong; undefined when all is well. */
  get why(): string | undefined {
    return this.#why;
  }

  works(): void {
    if (this.#told > 0) this.#logger.info(`${this.#what} works again`);
    this.#why = undefined;
    this.#told = 0;
  }

  /** It does not work yet, as is usual for a moment. */
  notYet(why: string): void {
    this.#why = why;
    this.#logger.debug(why);
  }

  fails(why: string): void {
    this.#why = why;
    if (this.#told > 0 && performance.now() - this.#told < toldEveryMs) return;
    this.#told = performance.now();
    this.#logger.warn(why);
  }
}
