import { once } from 'node:events';
import { Worker } from 'node:worker_threads';

/** One row dirties up to four pages of 4 KiB: about 16 MB of WAL at most. */
const rowsBetween = 1000;

/** Compiled, also when this module runs from `src`. */
const workerFile = new URL('../../dist/sqlite/checkpoint.worker.js', import.meta.url);

/**
 * Has the WAL moved into the database now and then, in a thread of its own: that takes two flushes of the disk, which
 * would hold the event loop. The thread starts with the first checkpoint, so a short-lived process has none.
 */
export class Checkpointer {
  readonly #file: string;
  #rows = 0;
  #worker: Worker | undefined;

  constructor(file: string) {
    this.#file = file;
  }

  written(rows: number): void {
    this.#rows += rows;
    if (this.#rows < rowsBetween) return;
    this.#rows = 0;
    this.#worker ??= this.#start();
    this.#worker.postMessage('checkpoint');
  }

  async close(): Promise<void> {
    const worker = this.#worker;
    if (worker === undefined) return;
    this.#worker = undefined;
    worker.ref();
    worker.postMessage('close');
    await once(worker, 'exit');
  }

  /** One that fails is started again for the next checkpoint; nothing is lost meanwhile but the size of the WAL. */
  #start(): Worker {
    const worker = new Worker(workerFile, { workerData: this.#file, execArgv: [], name: 'event-store-checkpoints' });
    worker.unref();
    worker.on('error', () => {});
    worker.on('exit', () => {
      if (this.#worker === worker) this.#worker = undefined;
    });
    return worker;
  }
}
