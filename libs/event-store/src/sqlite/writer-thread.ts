import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { RefitError } from '@refit/contracts';
import type { Appended } from '../event-store.js';
import type { AppendRequest, PutDone, PutRequest, WriteOutcome, WriteRequest, WriterSettings } from './write-request.js';

/** Compiled, also when this module runs from `src`. */
const workerFile = new URL('../../dist/sqlite/writer.worker.js', import.meta.url);

interface Waiting {
  readonly resolve: (written: Appended | PutDone) => void;
  readonly reject: (error: Error) => void;
}

/**
 * Writes in a thread of its own, so that neither a slow disk nor a lock holds the event loop. Requests of one turn of
 * the loop go to it together, and it puts whatever has come into one transaction. Starts with the first request.
 */
export class WriterThread {
  readonly #settings: WriterSettings;
  readonly #onCommit: () => void;
  #worker: Worker | undefined;
  #unsent: WriteRequest[] = [];
  /** Of every request that has no outcome yet, in order. */
  #waiting: Waiting[] = [];
  #idle: PromiseWithResolvers<void> | undefined;

  constructor(settings: WriterSettings, onCommit: () => void) {
    this.#settings = settings;
    this.#onCommit = onCommit;
  }

  append(request: Omit<AppendRequest, 'kind'>): Promise<Appended> {
    // The thread answers each kind of request with what that kind gives.
    return this.#request({ kind: 'append', ...request }) as Promise<Appended>;
  }

  put(request: Omit<PutRequest, 'kind'>): Promise<PutDone> {
    return this.#request({ kind: 'put', ...request });
  }

  #request(request: WriteRequest): Promise<Appended | PutDone> {
    return new Promise((resolve, reject) => {
      if (this.#unsent.push(request) === 1) setImmediate(() => this.#send());
      this.#waiting.push({ resolve, reject });
      this.#worker?.ref();
    });
  }

  /** Resolves when every request has its outcome. */
  async settled(): Promise<void> {
    if (this.#waiting.length === 0) return;
    this.#idle ??= Promise.withResolvers();
    await this.#idle.promise;
  }

  async close(): Promise<void> {
    await this.settled();
    const worker = this.#worker;
    if (worker === undefined) return;
    this.#worker = undefined;
    worker.ref();
    worker.postMessage('close');
    await once(worker, 'exit');
  }

  #send(): void {
    this.#worker ??= this.#start();
    this.#worker.postMessage(this.#unsent);
    this.#unsent = [];
  }

  #start(): Worker {
    const worker = new Worker(workerFile, { workerData: this.#settings, execArgv: [], name: 'event-store-writer' });
    let failure: unknown;
    worker.on('message', (outcomes: readonly WriteOutcome[]) => this.#settle(outcomes));
    worker.on('error', (error) => {
      failure = error;
    });
    worker.on('exit', () => this.#lost(worker, failure));
    return worker;
  }

  #settle(outcomes: readonly WriteOutcome[]): void {
    const settled = this.#waiting.splice(0, outcomes.length);
    for (const [index, outcome] of outcomes.entries()) {
      if ('written' in outcome) settled[index]?.resolve(outcome.written);
      else settled[index]?.reject(new RefitError(outcome.fault.code, outcome.fault.message));
    }
    this.#onCommit();
    this.#rest();
  }

  /** The next request starts another thread. */
  #lost(worker: Worker, cause: unknown): void {
    if (this.#worker !== worker) return;
    this.#worker = undefined;
    const message = `The thread that writes to the event store ${this.#settings.file} ended. It is not known whether the last appends were written: make the same calls again.`;
    for (const { reject } of this.#waiting.splice(0)) reject(new RefitError('STORE_UNAVAILABLE', message, { cause }));
    this.#unsent = [];
    this.#rest();
  }

  /** A thread that has nothing to do does not keep the process alive. */
  #rest(): void {
    if (this.#waiting.length > 0) return;
    this.#worker?.unref();
    this.#idle?.resolve();
    this.#idle = undefined;
  }
}
