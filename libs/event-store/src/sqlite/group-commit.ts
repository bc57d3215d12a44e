import type { DatabaseSync } from 'node:sqlite';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { isRefitError } from '@refit/contracts';
import { pause, type LockPatience } from './lock-patience.js';
import { isLocked, storeError } from './sqlite-errors.js';

/** Rows that one transaction takes before the event loop gets a turn; about 10 ms of work. */
const rowsPerTransaction = 512;

/** After so long without a commit a write counts as alone: it waits for nothing but the rest of the code that asks for it. */
const aloneAfterMs = 2;

/** What is to be done as a transaction goes by. */
export interface TransactionPhases {
  begun(): void;
  committed(): void;
  undone(): void;
}

interface Write {
  readonly rows: number;
  /** Must survive a loss of power. */
  readonly durable: boolean;
  readonly queuedAt: number;
  /** Does the work inside the transaction; what it returns tells the caller, once the transaction is durable. */
  run(): () => void;
  reject(error: unknown): void;
}

/**
 * Writes of the same turn of the event loop, and those that arrive while another process holds the lock, share one
 * transaction: one flush to disk for all. Each succeeds or is refused on its own.
 *
 * In the event loop: a commit takes 0.2 ms on a local disk, and a thread for it costs a lone append as much again.
 */
export class GroupCommit {
  readonly #database: DatabaseSync;
  readonly #patience: LockPatience;
  readonly #phases: TransactionPhases;
  /** What `PRAGMA synchronous` was, as its number, when this was made: 2 is FULL. */
  readonly #full: number;
  #synchronous: number;
  #queue: Write[] = [];
  #committedAt = 0;
  #draining: Promise<void> | undefined;

  constructor(database: DatabaseSync, patience: LockPatience, phases: TransactionPhases) {
    this.#database = database;
    this.#patience = patience;
    this.#phases = phases;
    this.#full = this.#synchronous = Number(database.prepare('PRAGMA synchronous').get()?.['synchronous']);
  }

  /**
   * `work` runs inside a write transaction. It refuses by throwing a RefitError and must then have left nothing
   * behind; any other error undoes the whole transaction. What need not be durable may be gone after a loss of power,
   * and so costs no flush, which holds the event loop.
   */
  write<T>(rows: number, work: () => T, { durable = true } = {}): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      const run = () => {
        try {
          const result = work();
          return () => resolve(result);
        } catch (error) {
          if (isRefitError(error)) return () => reject(error);
          throw error;
        }
      };
      this.#queue.push({ rows, durable, queuedAt: performance.now(), run, reject });
      this.#draining ??= this.#drain();
    });
  }

  /** Resolves when everything that was queued is settled. */
  async settled(): Promise<void> {
    while (this.#draining !== undefined) await this.#draining;
  }

  async #drain(): Promise<void> {
    await (performance.now() - this.#committedAt > aloneAfterMs ? Promise.resolve() : nextTurn());
    for (; this.#queue.length > 0; await nextTurn()) {
      for (let attempt = 0; this.#queue.length > 0 && !this.#tryCommit(); attempt += 1) await pause(attempt);
    }
    this.#draining = undefined;
  }

  /** False when the write lock is not to be had; then writes that have run out of patience are refused. */
  #tryCommit(): boolean {
    try {
      this.#flushNext(this.#queue.some(({ durable }) => durable));
      this.#database.exec('BEGIN IMMEDIATE');
    } catch (error) {
      this.#refuse(error);
      return false;
    }
    this.#commit(this.#nextBatch());
    return true;
  }

  /** Whether the next transaction is flushed to the disk; a flush takes with it what was committed without one. */
  #flushNext(flush: boolean): void {
    const wanted = flush ? this.#full : 1;
    if (wanted === this.#synchronous || this.#full < 2) return;
    this.#database.exec(`PRAGMA synchronous = ${wanted}`);
    this.#synchronous = wanted;
  }

  /** Of a lock, only the writes that have waited long enough for it, not for those before them; of anything else, all. */
  #refuse(error: unknown): void {
    const locked = isLocked(error);
    const reason = storeError(error, this.#patience.file);
    const oldest = performance.now() - this.#patience.timeoutMs;
    const mayWait = ({ queuedAt }: Write) => locked && Math.max(queuedAt, this.#committedAt) >= oldest;
    const refused = this.#queue.filter((write) => !mayWait(write));
    this.#queue = this.#queue.filter(mayWait);
    for (const write of refused) write.reject(reason);
  }

  #nextBatch(): Write[] {
    let rows = 0;
    const end = this.#queue.findIndex((write, index) => {
      rows += write.rows;
      return index > 0 && rows > rowsPerTransaction;
    });
    return this.#queue.splice(0, end === -1 ? this.#queue.length : end);
  }

  #commit(batch: readonly Write[]): void {
    try {
      this.#phases.begun();
      const settle = batch.map((write) => write.run());
      this.#database.exec('COMMIT');
      for (const tell of settle) tell();
    } catch (error) {
      this.#rollBack();
      const reason = storeError(error, this.#patience.file);
      for (const write of batch) write.reject(reason);
      return;
    }
    this.#committedAt = performance.now();
    this.#phases.committed();
  }

  #rollBack(): void {
    this.#phases.undone();
    try {
      this.#database.exec('ROLLBACK');
    } catch {
      // After some failures, a full disk among them, SQLite has rolled back by itself.
    }
  }
}
