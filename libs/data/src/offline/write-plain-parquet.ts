import type { DuckDb } from '../duckdb.js';
import { literal } from '../sql.js';

/** For a file that lives as long as a piece of work: not compressed, which costs more time than reading it again. */
export const writePlainParquet = (db: DuckDb, select: string, file: string): Promise<void> =>
  db.run(`COPY (${select}) TO ${literal(file)} (FORMAT parquet, COMPRESSION uncompressed)`);
