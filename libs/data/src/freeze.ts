import { join } from 'node:path';
import type { ArtifactStore } from '@refit/artifacts';
import { event, SnapshotSchema, type Snapshot } from '@refit/contracts';
import type { PartitionStatistics } from '@refit/data-validation';
import { withDuckDb, type DuckDb } from './duckdb.js';
import { describeSnapshot } from './snapshot-columns.js';
import { literal } from './sql.js';

export interface FreezeOptions {
  readonly artifacts: ArtifactStore;
  /** An empty folder of this piece of work; best on the disk of the artifacts. */
  readonly scratch: string;
  readonly signal?: AbortSignal;
}

export interface Frozen {
  readonly snapshot: Snapshot;
  readonly statistics: PartitionStatistics;
}

/** The statistics of a frozen Parquet file. */
export type DescribeFrozen = (db: DuckDb, file: string, rows: number) => Promise<PartitionStatistics>;

/**
 * A DuckDB for freezing: with one thread. With more, the same rows in the same order fall into other row groups of the
 * Parquet file, depending on the number of threads; and sorting to prevent that costs more time and memory than it saves.
 */
export const withFreezer = <T>(files: readonly string[], { scratch, signal }: FreezeOptions, work: (db: DuckDb) => Promise<T>): Promise<T> =>
  withDuckDb({ files, folders: [scratch], scratch, threads: 1, ...(signal && { signal }) }, work);

/**
 * Freezes the rows of a query as a Parquet artifact, with their statistics as another. The file holds the rows in the
 * query's order and nothing about when, where or how it was made: the same rows give the same hash.
 *
 * @param db from `withFreezer`
 */
export async function freeze(db: DuckDb, select: string, { artifacts, scratch }: FreezeOptions, describe: DescribeFrozen): Promise<Frozen> {
  const file = join(scratch, 'snapshot.parquet');
  await writeParquet(db, select, file);
  const { columns, rows } = await describeSnapshot(db, file);
  const statistics = await describe(db, file, rows);
  const statisticsHash = await artifacts.putJson(statistics);
  const { hash, bytes } = await artifacts.putFile(file);
  return { snapshot: event(SnapshotSchema, { hash, rows, columns: [...columns], statisticsHash, bytes }), statistics };
}

export const writeParquet = (db: DuckDb, select: string, file: string): Promise<void> =>
  db.run(`COPY (${select}) TO ${literal(file)} (FORMAT parquet, COMPRESSION zstd)`);
