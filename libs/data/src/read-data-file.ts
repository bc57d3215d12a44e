import { DataFormat } from '@refit/contracts';
import type { DuckDb } from './duckdb.js';
import { readDelimited } from './read-delimited.js';
import { readJsonLines } from './read-json-lines.js';
import { readParquet } from './read-parquet.js';
import type { SourceRows } from './source-rows.js';

/**
 * The rows of a data file of a known format (see `inspectDataFile`), ready to be frozen or counted with the same `db`.
 *
 * @param scratch a folder that `db` may write to
 * @throws RefitError DATA_FILE_UNREADABLE
 */
export async function readDataFile(db: DuckDb, path: string, format: DataFormat, scratch: string): Promise<SourceRows> {
  switch (format) {
    case DataFormat.CSV:
      return readDelimited(db, path);
    case DataFormat.TSV:
      return readDelimited(db, path, '\t');
    case DataFormat.JSON_LINES:
      return readJsonLines(db, path, scratch);
    case DataFormat.PARQUET:
      return readParquet(db, path);
    case DataFormat.UNSPECIFIED:
      throw new Error(`the format of ${path} was not inspected`);
  }
}
