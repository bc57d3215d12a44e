import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DataFormat } from '@refit/contracts';
import { countPlainRows } from './count-plain-rows.js';
import { withDuckDb } from './duckdb.js';
import { readDataFile } from './read-data-file.js';
import { parquetRows } from './read-parquet.js';

/**
 * How many well-formed rows a data file has: at once for Parquet and for small plain text, else by reading it with DuckDB.
 *
 * @throws RefitError DATA_FILE_UNREADABLE
 */
export async function countRows(path: string, format: DataFormat, options: { readonly signal?: AbortSignal } = {}): Promise<number> {
  if (format === DataFormat.PARQUET) return parquetRows(path, options.signal);
  const plain = await countPlainRows(path, format);
  if (plain !== undefined) return plain;
  const scratch = await mkdtemp(join(tmpdir(), 'refit-count-'));
  try {
    return await withDuckDb({ files: [path], folders: [scratch], scratch, ...options }, async (db) => {
      const { select } = await readDataFile(db, path, format, scratch);
      const [row] = await db.rows(`SELECT count(*) AS n FROM (${select})`);
      return Number(row?.['n']);
    });
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}
