import { once } from 'node:events';
import { Worker } from 'node:worker_threads';

/** One row dirties up to four pages of 4 KiB: about 16 MB of WAL. */
const rowsBetween = 1000;

/** Compiled, also when this module runs from `src`. */
const workerFile = new URL('../../dist/sqlite/checkpoint.worker.js', import.meta.url);

/**
 * Has the WAL moved into the database now and then, in a thread of its own: that takes two flushes of the disk, which
 * would hold the event loop. The thread starts with the first checkpoint, so a short-lived process has none.
 *
 * From then on the WAL is written from its beginning again, and a commit that does not make the file longer is flushed in
 * half the time.
 */
export class Checkpointer {
  readonly #file: string;
  #records = 0;
  #closed = false;
  #worker: Worker | undefined;

  constructor(file: string) {
    this.#file = file;
  }

  /** So many events, the last of them at this position of the log: whichever process writes each thousandth takes its turn. */
  appended(events: number, position: number): void {
    if (Math.floor(position / rowsBetween) > Math.floor((position - events) / rowsBetween)) this.#checkpoint();
  }

  /** A record, which has no place in the log. */
  recorded(): void {
    this.#records += 1;
    if (this.#records % rowsBetween === 0) this.#checkpoint();
  }

  async close(): Promise<void> {
    this.#closed = true;
    const worker = this.#worker;
    if (worker === undefined) return;
    this.#worker = undefined;
    worker.ref();
    worker.postMessage('close');
    await once(worker, 'exit');
  }

  #checkpoint(): void {
    if (this.#closed) return;
    this.#worker ??= this.#start();
    this.#worker.postMessage('checkpoint');
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
