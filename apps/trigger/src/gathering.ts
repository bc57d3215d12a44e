import type { InTurn } from './in-turn.js';

interface Ask<T, R> {
  readonly item: T;
  readonly resolve: (result: R) => void;
  readonly reject: (error: unknown) => void;
}

/** Work in turn on many items: what is asked for until the turn comes is done together. */
export class Gathering<T, R> {
  #asked: Ask<T, R>[] = [];

  /** `work` answers a result for each item, in their order. */
  constructor(
    private readonly turns: InTurn,
    private readonly work: (items: readonly T[]) => Promise<readonly R[]>,
  ) {}

  /** When the work fails, all that were gathered for it see the error. */
  do(item: T): Promise<R> {
    return new Promise((resolve, reject) => {
      this.#asked.push({ item, resolve, reject });
      if (this.#asked.length === 1) void this.turns.run(() => this.#doAll());
    });
  }

  async #doAll(): Promise<void> {
    const asked = this.#asked;
    this.#asked = [];
    try {
      const results = await this.work(asked.map(({ item }) => item));
      results.forEach((result, i) => asked[i]?.resolve(result));
    } catch (error) {
      for (const { reject } of asked) reject(error);
    }
  }
}
