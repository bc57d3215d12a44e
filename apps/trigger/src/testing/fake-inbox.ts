import type { Inbox, InboxHandler, OutsideMessage } from '@refit/bus';

export type Written = Partial<Pick<OutsideMessage, 'topic' | 'partition' | 'headers'>> & { readonly body: string | Uint8Array; readonly key?: string };

/** Topics in memory: one handler at a time for a partition, and what a handler refuses comes again. */
export class FakeInbox implements Inbox {
  readonly topics: string[] = [];
  readonly #log = new Map<string, OutsideMessage[]>();
  #handler: InboxHandler | undefined;
  /** Times that a handler threw. */
  refusals = 0;

  async receive(topics: readonly string[], handler: InboxHandler): Promise<() => Promise<void>> {
    this.topics.push(...topics);
    this.#handler = handler;
    return async () => void (this.#handler = undefined);
  }

  /** Appends to the topic, and returns the message as it is delivered. */
  write({ topic = 'refit.data-arrivals', partition = 0, headers = {}, body, key }: Written): OutsideMessage {
    const place = `${topic}/${partition}`;
    const log = this.#log.get(place) ?? [];
    const message = { topic, partition, offset: String(log.length), headers, body: Buffer.from(body), key: key === undefined ? undefined : Buffer.from(key) };
    this.#log.set(place, [...log, message]);
    return message;
  }

  /** Hands messages over until they are taken. */
  async deliver(...messages: readonly OutsideMessage[]): Promise<void> {
    for (;;) {
      try {
        if (!this.#handler) throw new Error('nobody receives');
        return await this.#handler(messages);
      } catch (error) {
        this.refusals++;
        if (this.refusals > 100) throw error;
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    }
  }

  async send(...written: readonly Written[]): Promise<void> {
    await this.deliver(...written.map((one) => this.write(one)));
  }
}
