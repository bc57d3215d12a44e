import { readPooledRows, withDuckDb } from '@refit/data';
import { tellApart, type ToldApartBy } from '@refit/trainers';
import type { Job } from '@refit/workers';

export interface TellApartJob {
  /** Of the snapshots: local Parquet files. */
  readonly reference: string;
  readonly sample: string;
  readonly columns: readonly string[];
  /** Most of each side. */
  readonly rows: number;
}

/** The same for every run: the same two snapshots give the same numbers. */
const seed = 1;

const job: Job<TellApartJob, ToldApartBy | undefined> = async ({ reference, sample, columns, rows }, { signal, native }) => {
  const pooled = await native(() => withDuckDb({ files: [reference, sample], signal }, (db) => readPooledRows(db, { parquet: reference }, { parquet: sample }, columns, rows)));
  return tellApart(pooled, seed);
};

export default job;
