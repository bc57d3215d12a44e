import type { BusHandler, BusMessage } from '../bus.js';

export interface SubscriberLimits {
  /** Messages that may wait. */
  readonly capacity: number;
  /** Handlers under way at once. */
  readonly concurrency: number;
}

/** Calls one handler for the messages offered to it: later than the offer, several at once, within bounds. */
export class Subscriber {
  readonly #types: ReadonlySet<string>;
  readonly #handle: BusHandler;
  readonly #limits: SubscriberLimits;
  readonly #waiting: BusMessage[] = [];
  #underWay = 0;
  #turnAsked = false;
  #stopped = false;
  #changed: (() => void)[] = [];

  /** `handle` must not reject. */
  constructor(types: readonly string[], handle: BusHandler, limits: SubscriberLimits) {
    this.#types = new Set(types);
    this.#handle = handle;
    this.#limits = limits;
  }

  wants(type: string): boolean {
    return !this.#stopped && this.#types.has(type);
  }

  /** False when there is no room; `change()` tells when to try again. */
  offer(message: BusMessage): boolean {
    if (this.#waiting.length >= this.#limits.capacity) return false;
    this.#waiting.push(message);
    this.#askForTurn();
    return true;
  }

  /** Resolves when room was made or a handler has ended. */
  change(): Promise<void> {
    return new Promise((resolve) => this.#changed.push(resolve));
  }

  /** Wants nothing more from now on; resolves when everything taken is handled. */
  async stop(): Promise<void> {
    this.#stopped = true;
    while (this.#waiting.length > 0 || this.#underWay > 0) await this.change();
  }

  /** Handlers begin in a turn of the event loop of their own, so that neither publishers nor I/O wait for them. */
  #askForTurn() {
    if (this.#turnAsked || this.#waiting.length === 0) return;
    this.#turnAsked = true;
    setImmediate(() => {
      this.#turnAsked = false;
      for (const message of this.#waiting.splice(0, this.#limits.concurrency - this.#underWay)) this.#begin(message);
      this.#tellChange();
    });
  }

  #begin(message: BusMessage) {
    this.#underWay++;
    void this.#handle(message).then(() => {
      this.#underWay--;
      this.#askForTurn();
      this.#tellChange();
    });
  }

  #tellChange() {
    const listeners = this.#changed;
    this.#changed = [];
    for (const tell of listeners) tell();
  }
}
