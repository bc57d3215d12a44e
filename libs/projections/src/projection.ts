import type { SQLInputValue, SQLOutputValue } from 'node:sqlite';
import type { EventFilter, RecordedEvent } from '@refit/event-store';

export type Row = Record<string, SQLOutputValue>;

/** Reads a projection's tables. Statements are prepared once for each SQL text. */
export interface ProjectionReader {
  all(sql: string, ...values: SQLInputValue[]): Row[];
  get(sql: string, ...values: SQLInputValue[]): Row | undefined;
}

/** Writes them too; within the transaction of the event being applied. */
export interface ProjectionWriter extends ProjectionReader {
  /** Returns how many rows were changed. */
  run(sql: string, ...values: SQLInputValue[]): number;
}

/** A read model: tables that are a fold over the log, and can be thrown away at any time. */
export interface Projection {
  /** Of the read model, in its file. */
  readonly name: string;
  /** Raise it when `apply` means something else than before: the tables are then built again from the log. */
  readonly version: number;
  /** DDL. Table names are the projection's own within the file. A change builds the tables again. */
  readonly tables: readonly string[];
  readonly filter: EventFilter;
  /**
   * Takes an event into the tables. Keeps nothing elsewhere: a transaction that fails is applied again. When it throws,
   * the event is noted as poison and passed over.
   */
  apply(db: ProjectionWriter, event: RecordedEvent): void;
}
