import { isRefitError } from '@refit/contracts';
import type { EventStore } from '@refit/event-store';
import type { Logger } from 'pino';

/** Whether the event store can be written, by what became of the newest write: reading works on a full disk. */
export class WriteWatch {
  readonly #logger: Pick<Logger, 'warn' | 'info'>;
  #why: string | undefined;

  constructor(logger: Pick<Logger, 'warn' | 'info'>) {
    this.#logger = logger;
  }

  /** Why it cannot be written; undefined when it can. The heartbeat writes all the time, so this is never old. */
  get why(): string | undefined {
    return this.#why;
  }

  /** The same store, watched. */
  over(store: EventStore): EventStore {
    const watched = <T>(write: Promise<T>): Promise<T> => {
      write.then(() => this.#written(), (error: unknown) => this.#refused(error));
      return write;
    };
    return {
      append: (stream, events, expected) => watched(store.append(stream, events, expected)),
      putRecord: (name, value, expected) => watched(store.putRecord(name, value, expected)),
      getRecord: (name) => store.getRecord(name),
      readStream: (stream, options) => store.readStream(stream, options),
      readAll: (options) => store.readAll(options),
      subscribe: (options) => store.subscribe(options),
      head: () => store.head(),
      close: () => store.close(),
    };
  }

  #written(): void {
    if (this.#why === undefined) return;
    this.#why = undefined;
    this.#logger.info('the event store can be written again');
  }

  /** Only what is nobody's fault who writes. */
  #refused(error: unknown): void {
    if (!isRefitError(error) || !error.retryable) return;
    this.#why = `the event store cannot be written: ${error.message}`;
    this.#logger.warn({ err: error }, 'the event store cannot be written');
  }
}
