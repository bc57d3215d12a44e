import { setTimeout } from 'node:timers/promises';
import { RefitError } from '@refit/contracts';
import { comparePositions, inBatches, type EventStore, type Position, type SubscriptionMessage } from '@refit/event-store';
import type { Logger } from 'pino';
import type { Projection, ProjectionReader } from '../projection.js';
import { applyBatch } from './apply-batch.js';
import { ownTurn } from './own-turn.js';
import { Linger } from './linger.js';
import { ProjectionFile } from './projection-file.js';
import { isUnreadableFile } from './sqlite-trouble.js';
import { Waiters } from './waiters.js';

export interface ProjectionOptions {
  /** Created when it is not there; several projections may share it. */
  readonly file: string;
  readonly projection: Projection;
  readonly store: EventStore;
  readonly logger: Logger;
  /** Stops the projection, as `stop` does. */
  readonly signal?: AbortSignal;
}

export interface OpenProjection {
  /** For queries; sees whole transactions only, and perhaps not yet the newest events. */
  readonly db: ProjectionReader;
  /**
   * Resolves when everything is applied that was in the log at the time of the call: read your own writes.
   *
   * @throws RefitError STORE_UNAVAILABLE when the log or the file cannot be reached now, or the projection is stopped
   */
  caughtUp(): Promise<void>;
  stop(): Promise<void>;
}

const batchSize = 256;
const lingerMs = 25;
const firstPauseMs = 100;
const longestPauseMs = 5000;

/**
 * Keeps a read model up to date with the log, from where it left off. It is built again from the start of the log when
 * its definition has changed, its file cannot be read, or the log is not the one that it was built from.
 *
 * @throws RefitError DATA_DIRECTORY_UNUSABLE, DISK_FULL, STORE_UNAVAILABLE
 */
export async function openProjection(options: ProjectionOptions): Promise<OpenProjection> {
  const running = new RunningProjection(options);
  try {
    await running.checkLog();
  } catch (error) {
    running.db.close();
    throw error;
  }
  running.start();
  return running;
}

class RunningProjection implements OpenProjection {
  readonly db: ProjectionFile;
  readonly #options: ProjectionOptions;
  readonly #stopping = new AbortController();
  readonly #waiters = new Waiters();
  readonly #linger = new Linger();
  #following = new AbortController();
  #fileUnreadable = false;
  #live = false;
  #position: Position;
  #ended: Promise<void> = Promise.resolve();

  constructor(options: ProjectionOptions) {
    this.#options = options;
    this.db = new ProjectionFile(options.file, options.projection, options.logger, () => this.#restartOnNewFile());
    this.#position = this.db.checkpoint ?? '';
  }

  /** A log that ends before the checkpoint is another one: restored, or started afresh. */
  async checkLog(): Promise<void> {
    const head = (await this.#options.store.head()) ?? '0'; // an empty log may have been followed before
    if (comparePositions(this.#position, head) <= 0) return;
    this.#options.logger.warn({ projection: this.#options.projection.name }, 'the log is not the one this read model was built from; it is built again');
    this.db.startOver();
    this.#position = '';
  }

  start(): void {
    this.#options.signal?.addEventListener('abort', () => void this.stop(), { once: true });
    this.#ended = this.#run();
    if (this.#options.signal?.aborted) void this.stop();
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    this.#following.abort();
    this.#linger.hurry();
    await this.#ended;
    this.db.close();
  }

  async caughtUp(): Promise<void> {
    const { store, projection } = this.#options;
    if (this.#stopping.signal.aborted) throw stopped(projection.name);
    const head = await store.head();
    if (head === undefined || this.#isApplied(head)) return;
    const target = this.#live ? await this.#lastWanted(head) : head;
    if (this.#stopping.signal.aborted) throw stopped(projection.name);
    if (target === undefined || this.#isApplied(target)) return;
    this.#linger.hurry();
    await this.#waiters.until(target);
  }

  /**
   * What is still to be applied, up to a position. The subscription tells only now and then that it has passed events
   * which are for others; nobody should wait for that.
   */
  async #lastWanted(head: Position): Promise<Position | undefined> {
    const { store, projection } = this.#options;
    let last: Position | undefined;
    const after = this.#position === '' ? {} : { after: this.#position };
    for await (const { position } of store.readAll({ ...after, filter: projection.filter })) {
      if (comparePositions(position, head) > 0) break;
      last = position;
    }
    return last;
  }

  #isApplied(position: Position): boolean {
    return comparePositions(this.#position, position) >= 0;
  }

  async #run(): Promise<void> {
    const { signal } = this.#stopping;
    let pauseMs = firstPauseMs;
    while (!signal.aborted) {
      const before = this.#position;
      const failure = await this.#follow().then(() => undefined, (error: unknown) => error);
      if (signal.aborted) break;
      this.#recover(failure);
      pauseMs = this.#position === before ? Math.min(pauseMs * 2, longestPauseMs) : firstPauseMs;
      await setTimeout(pauseMs, undefined, { signal }).catch(() => {});
    }
    this.#waiters.fail(stopped(this.#options.projection.name));
  }

  /** Until it is stopped, or something fails. */
  async #follow(): Promise<void> {
    const { store, projection } = this.#options;
    this.#following = new AbortController();
    this.#live = false;
    this.#position = this.db.checkpoint ?? '';
    const signal = AbortSignal.any([this.#following.signal, this.#stopping.signal]);
    const log = store.subscribe({ filter: projection.filter, signal, ...(this.#position !== '' && { after: this.#position }) });
    for await (const batch of inBatches(log, batchSize)) {
      await this.#apply(batch, signal);
      if (signal.aborted) return;
      // A transaction for each event of a busy log costs more than the event: what comes meanwhile shares the next one.
      if (this.#live && this.#waiters.none) await this.#linger.rest(lingerMs);
    }
  }

  async #apply(batch: readonly SubscriptionMessage[], signal: AbortSignal): Promise<void> {
    for (let rest = batch; rest.length > 0; ) {
      await ownTurn();
      if (signal.aborted) return;
      const { count, position } = applyBatch(this.db.writer, this.#options.projection, rest, this.#options.logger);
      rest = rest.slice(count);
      this.#position = position;
      this.#waiters.reached(position);
    }
    this.#live ||= batch.some(({ kind }) => kind === 'caught-up');
  }

  #recover(failure: unknown): void {
    const { logger, projection, file } = this.#options;
    this.#fileUnreadable ||= isUnreadableFile(failure);
    if (this.#fileUnreadable) {
      logger.warn({ err: failure, file, projection: projection.name }, 'a file of read models is damaged; it is built again from the log');
      try {
        this.db.replace();
        this.#fileUnreadable = false;
        return;
      } catch (error) {
        failure = error;
      }
    }
    logger.error({ err: failure, projection: projection.name }, 'a read model was interrupted and goes on in a moment');
    const reason = failure instanceof Error ? failure.message : 'the log ended';
    this.#waiters.fail(new RefitError('STORE_UNAVAILABLE', `The read model ${projection.name} does not follow the log now: ${reason}. Try again in a moment.`, { cause: failure }));
  }

  #restartOnNewFile(): void {
    this.#fileUnreadable = true;
    this.#following.abort();
  }
}

const stopped = (projection: string) => new RefitError('STORE_UNAVAILABLE', `The read model ${projection} was stopped: this process is shutting down.`);
