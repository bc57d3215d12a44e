import type { BusMessage } from '../bus.js';
import type { Subscriber } from './subscriber.js';

/** Subscribers that share the work: each message goes to one of those that want it, in turn. */
export class ConsumerGroup {
  readonly #members: Subscriber[] = [];
  #turn = 0;

  join(subscriber: Subscriber): void {
    this.#members.push(subscriber);
  }

  async leave(subscriber: Subscriber): Promise<void> {
    const place = this.#members.indexOf(subscriber);
    if (place >= 0) this.#members.splice(place, 1);
    await subscriber.stop();
  }

  async leaveAll(): Promise<void> {
    await Promise.all(this.#members.slice().map((subscriber) => this.leave(subscriber)));
  }

  wants(type: string): boolean {
    return this.#members.some((subscriber) => subscriber.wants(type));
  }

  /** Hands each message that somebody here wants to one subscriber; waits while that one is full. */
  async accept(messages: readonly BusMessage[]): Promise<void> {
    for (const message of messages) {
      for (let next = this.#next(message.type); next !== undefined; next = this.#next(message.type)) {
        if (next.offer(message)) break;
        await next.change();
      }
    }
  }

  #next(type: string): Subscriber | undefined {
    const wanting = this.#members.filter((subscriber) => subscriber.wants(type));
    return wanting[this.#turn++ % wanting.length];
  }
}
