import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from 'pino';
import { Availability } from './availability.js';
import type { TopicKeeper } from './topic-keeper.js';
import { partingMs, within } from './within.js';

const firstPauseMs = 250;
const longestPauseMs = 5_000;

/** Whether Kafka takes messages: looked for at the start and after each failure, until it does and all topics are there. */
export class Reachability {
  readonly where: string;
  readonly #topicKeeper: TopicKeeper;
  readonly #topics: readonly string[];
  readonly #availability: Availability;
  readonly #stopping = new AbortController();
  #looking: Promise<void> | undefined;

  /** `where`: Kafka as people know it, such as `Kafka at 127.0.0.1:9092`. */
  constructor(where: string, topicKeeper: TopicKeeper, topics: readonly string[], logger: Logger) {
    this.where = where;
    this.#topicKeeper = topicKeeper;
    this.#topics = topics;
    this.#availability = new Availability(where, logger, `connecting to ${where}`);
  }

  /** Why it takes none; undefined when it does. */
  get why(): string | undefined {
    return this.#availability.why;
  }

  /** It took messages. */
  works(): void {
    this.#availability.works();
  }

  /** It took none. Looks for it from now on. */
  fails(why: string): void {
    this.#availability.fails(why);
    this.look();
  }

  look(): void {
    this.#looking ??= this.#lookUntilThere().finally(() => (this.#looking = undefined));
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    await within(partingMs, this.#looking ?? Promise.resolve());
  }

  async #lookUntilThere() {
    const { signal } = this.#stopping;
    for (let pauseMs = firstPauseMs; !signal.aborted; pauseMs = Math.min(2 * pauseMs, longestPauseMs)) {
      try {
        this.#topicKeeper.forget(this.#topics);
        await this.#topicKeeper.ensure(this.#topics);
        this.#availability.works();
        return;
      } catch (error) {
        this.#availability.fails(`${this.where} cannot be used: ${error instanceof Error ? error.message : String(error)}; check that it runs and that its addresses are right`);
      }
      await sleep(pauseMs * (0.75 + Math.random() / 2), undefined, { signal }).catch(() => undefined);
    }
  }
}
