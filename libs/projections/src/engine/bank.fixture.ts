import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { JsonValue } from '@bufbuild/protobuf';
import type { EventStore } from '@refit/event-store';
import { openSqliteEventStore } from '@refit/event-store/sqlite';
import pino from 'pino';
import { vi } from 'vitest';
import type { Projection } from '../projection.js';
import { openProjection, type OpenProjection, type ProjectionOptions } from './open-projection.js';

export const eventually = <T>(check: () => T | Promise<T>) => vi.waitFor(check, { timeout: 10_000, interval: 5 });

/** Adds up the `amount` of each stream; refuses amounts that are no number, after having written something. */
export const totals: Projection = {
  name: 'totals',
  version: 1,
  tables: ['CREATE TABLE totals (stream TEXT PRIMARY KEY, events INTEGER NOT NULL, amount REAL NOT NULL) STRICT', 'CREATE INDEX totals_by_amount ON totals (amount)'],
  filter: { streamPrefixes: ['account-'] },
  apply(db, { stream, data }) {
    db.run('INSERT INTO totals VALUES (?, 1, 0) ON CONFLICT DO UPDATE SET events = events + 1', stream);
    const amount = data['amount'];
    if (typeof amount !== 'number') throw new TypeError(`${JSON.stringify(amount)} is not an amount`);
    db.run('UPDATE totals SET amount = amount + ? WHERE stream = ?', amount, stream);
  },
};

export const rows = (projection: OpenProjection) =>
  projection.db.all('SELECT stream, events, amount FROM totals ORDER BY stream').map((row) => Object.values(row));

/** A log of payments in a folder of its own, and the projections of it that a test opens. */
export class Bank {
  readonly directory: string;
  readonly file: string;
  store: EventStore;
  readonly #opened: OpenProjection[] = [];

  static async open(): Promise<Bank> {
    const directory = await mkdtemp(join(tmpdir(), 'refit-projections-'));
    return new Bank(directory, await openSqliteEventStore({ file: join(directory, 'events.sqlite') }));
  }

  private constructor(directory: string, store: EventStore) {
    this.directory = directory;
    this.file = join(directory, 'read-models', 'bank.sqlite');
    this.store = store;
  }

  async start(options: Partial<ProjectionOptions> = {}): Promise<OpenProjection> {
    const projection = await openProjection({ file: this.file, projection: totals, store: this.store, logger: pino({ level: 'silent' }), ...options });
    this.#opened.push(projection);
    return projection;
  }

  append(stream: string, ...amounts: JsonValue[]) {
    return this.store.append(stream, amounts.map((amount) => ({ id: randomUUID(), type: 'bank.Paid', data: { amount }, metadata: {} })), 'any');
  }

  /** From here on the log is another, empty one. */
  async replaceLog(): Promise<void> {
    await this.store.close();
    this.store = await openSqliteEventStore({ file: join(this.directory, 'other-events.sqlite') });
  }

  async close(): Promise<void> {
    await Promise.all(this.#opened.map((projection) => projection.stop()));
    await this.store.close();
    await rm(this.directory, { recursive: true });
  }
}
