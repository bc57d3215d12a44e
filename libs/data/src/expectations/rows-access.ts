import { isRefitError } from '@refit/contracts';
import { withDuckDb, type DuckDb } from '../duckdb.js';
import type { RowsSource } from '../snapshot-columns.js';

/** Rows, and a DuckDB that reaches them and nothing else. */
export interface RowsAccess {
  readonly source: RowsSource;
  /** Interrupts what takes longer: then it rejects with a TimeoutError. */
  within<T>(milliseconds: number, work: (db: DuckDb) => Promise<T>): Promise<T>;
  readonly signal?: AbortSignal;
}

/** A snapshot, in a locked DuckDB of its own for each piece of work. */
export function snapshotAccess(path: string, signal?: AbortSignal): RowsAccess {
  return {
    source: { parquet: path },
    within: (milliseconds, work) => {
      const limit = AbortSignal.timeout(Math.max(1, Math.round(milliseconds)));
      return withDuckDb({ files: [path], signal: signal ? AbortSignal.any([signal, limit]) : limit }, work);
    },
    ...(signal && { signal }),
  };
}

/** Rows that a DuckDB holds already; nothing interrupts it but its own signal. */
export const openAccess = (db: DuckDb, source: RowsSource): RowsAccess => ({ source, within: (_, work) => work(db) });

/** What no other SQL would mend: somebody has cancelled, or the machine is in trouble. */
export function throwUnlessSql(error: unknown, { signal }: RowsAccess): void {
  signal?.throwIfAborted();
  if (isRefitError(error)) throw error;
}

export const isTimeout = (error: unknown): boolean => error instanceof DOMException && error.name === 'TimeoutError';
