import { comparePositions, type Position } from '@refit/event-store';

interface Waiter {
  readonly position: Position;
  readonly resolve: () => void;
  readonly reject: (error: Error) => void;
}

/** Those who wait until a position is reached. */
export class Waiters {
  #waiting: Waiter[] = [];

  get none(): boolean {
    return this.#waiting.length === 0;
  }

  until(position: Position): Promise<void> {
    return new Promise((resolve, reject) => this.#waiting.push({ position, resolve, reject }));
  }

  reached(position: Position): void {
    if (this.#waiting.length === 0) return;
    const done = this.#waiting.filter((waiter) => comparePositions(waiter.position, position) <= 0);
    this.#waiting = this.#waiting.filter((waiter) => comparePositions(waiter.position, position) > 0);
    for (const { resolve } of done) resolve();
  }

  fail(error: Error): void {
    const failed = this.#waiting;
    this.#waiting = [];
    for (const { reject } of failed) reject(error);
  }
}
