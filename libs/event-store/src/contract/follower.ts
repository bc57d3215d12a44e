import type { EventStore, RecordedEvent, SubscriptionMessage } from '../event-store.js';

/** Follows a subscription in the background, and keeps what it says. */
export class Follower {
  readonly messages: SubscriptionMessage[] = [];
  readonly #stop = new AbortController();
  readonly #ended: Promise<void>;
  #onMessage: () => void = () => {};
  #failure: unknown;

  constructor(store: EventStore, options: Omit<Parameters<EventStore['subscribe']>[0], 'signal'> = {}) {
    const messages = store.subscribe({ ...options, signal: this.#stop.signal });
    this.#ended = this.#follow(messages).catch((error: unknown) => {
      this.#failure = error;
      this.#onMessage();
    });
  }

  get events(): RecordedEvent[] {
    return this.messages.filter((message) => message.kind === 'event').map((message) => message.event);
  }

  /** Waits for a message after those that came before `from`. */
  async waitFor(wanted: (message: SubscriptionMessage) => boolean, from = 0): Promise<SubscriptionMessage> {
    for (;;) {
      if (this.#failure !== undefined) throw this.#failure;
      const found = this.messages.slice(from).find(wanted);
      if (found !== undefined) return found;
      await new Promise<void>((resolve) => {
        this.#onMessage = resolve;
      });
    }
  }

  caughtUp(): Promise<SubscriptionMessage> {
    return this.waitFor((message) => message.kind === 'caught-up');
  }

  async eventsUpTo(count: number): Promise<RecordedEvent[]> {
    while (this.events.length < count) {
      await this.waitFor((message) => message.kind === 'event', this.messages.length);
    }
    return this.events;
  }

  /** Resolves when the subscription has ended. */
  async stop(): Promise<void> {
    this.#stop.abort();
    await this.#ended;
  }

  async #follow(messages: AsyncIterable<SubscriptionMessage>): Promise<void> {
    for await (const message of messages) {
      this.messages.push(message);
      this.#onMessage();
    }
  }
}
