import { setTimeout as sleep } from 'node:timers/promises';
import { ErrorType, type KurrentDBClient } from '@kurrent/kurrentdb-client';
import { isCommandErrorOf, isPassing, silentError, storeError } from './kurrentdb-errors.js';
import type { ReplaceableClient } from './replaceable-client.js';

const firstPauseMs = 50;
const longestPauseMs = 2000;

export interface PatienceOptions {
  /** How long a call is made again. */
  readonly patienceMs: number;
  /** How long to wait for one answer. */
  readonly answerTimeoutMs: number;
}

export interface CallOptions {
  /** Whether the call may be made again when nobody knows what became of it. */
  readonly repeatable?: boolean;
  /** Longer, for a call that takes the server its time. */
  readonly timeoutMs?: number;
}

/** Makes calls again while the server is away for a moment: restarted, another leader elected. */
export class Patience {
  readonly #client: ReplaceableClient;
  readonly #options: PatienceOptions;
  readonly #closing: AbortSignal;

  constructor(client: ReplaceableClient, options: PatienceOptions, closing: AbortSignal) {
    this.#client = client;
    this.#options = options;
    this.#closing = closing;
  }

  /** @throws RefitError STORE_UNAVAILABLE after the patience; what `storeError` makes of other failures */
  async run<T>(work: (client: KurrentDBClient) => Promise<T>, { repeatable = true, timeoutMs = this.#options.answerTimeoutMs }: CallOptions = {}): Promise<T> {
    const end = performance.now() + this.#options.patienceMs;
    for (let attempt = 0; ; attempt += 1) {
      const client = this.#client.current;
      try {
        return await answered(work(client), timeoutMs, this.#client.address.shown);
      } catch (error) {
        const reason = storeError(error, this.#client.address.shown);
        if (!isPassing(reason)) throw reason;
        // The client itself turns to the leader that it was told of.
        if (!isCommandErrorOf(error, ErrorType.NOT_LEADER)) this.#client.replace(client);
        if (!repeatable || this.#closing.aborted || performance.now() > end) throw reason;
      }
      await pause(attempt);
    }
  }
}

/** Longer from attempt to attempt, and never the same for all who wait. */
export const pause = (attempt: number, signal?: AbortSignal): Promise<void> =>
  sleep(Math.min(longestPauseMs, firstPauseMs * 2 ** attempt) * (0.5 + Math.random()), undefined, signal && { signal });

/** Appends that wait on a connection which nobody answers on, and reads through it, know no end of their own. */
async function answered<T>(call: Promise<T>, timeoutMs: number, shown: string): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const silence = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(silentError(shown, timeoutMs)), timeoutMs);
  });
  try {
    return await Promise.race([call, silence]);
  } finally {
    clearTimeout(timer);
  }
}
