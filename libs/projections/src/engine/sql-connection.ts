import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite';
import type { ProjectionWriter, Row } from '../projection.js';

/** Other processes hold the write lock for a few milliseconds at most: a transaction never outlasts a turn of the event loop. */
const lockTimeoutMs = 2000;

/** One connection to a projections file, with its prepared statements. */
export class SqlConnection implements ProjectionWriter {
  readonly #database: DatabaseSync;
  readonly #statements = new Map<string, StatementSync>();

  constructor(file: string, { readOnly }: { readonly readOnly: boolean }) {
    this.#database = new DatabaseSync(file, { readOnly, timeout: lockTimeoutMs });
  }

  all(sql: string, ...values: SQLInputValue[]): Row[] {
    return this.#statement(sql).all(...values);
  }

  get(sql: string, ...values: SQLInputValue[]): Row | undefined {
    return this.#statement(sql).get(...values);
  }

  run(sql: string, ...values: SQLInputValue[]): number {
    return Number(this.#statement(sql).run(...values).changes);
  }

  exec(sql: string): void {
    this.#database.exec(sql);
  }

  /** All that `work` writes, or nothing of it. */
  transaction<T>(work: () => T): T {
    this.run('BEGIN IMMEDIATE');
    try {
      const result = work();
      this.run('COMMIT');
      return result;
    } catch (error) {
      if (this.#database.isTransaction) this.run('ROLLBACK');
      throw error;
    }
  }

  close(): void {
    this.#statements.clear();
    if (this.#database.isOpen) this.#database.close();
  }

  #statement(sql: string): StatementSync {
    const statement = this.#statements.get(sql) ?? this.#database.prepare(sql);
    this.#statements.set(sql, statement);
    return statement;
  }
}
