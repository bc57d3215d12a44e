import { asSnapshotColumn, snapshotType } from './column-types.js';
import { withDuckDb, type DuckDb } from './duckdb.js';
import { assertUsableColumns, readingFrom, type SourceRows } from './source-rows.js';
import { literal } from './sql.js';

/** @throws RefitError DATA_FILE_UNREADABLE */
export const readParquet = (db: DuckDb, path: string): Promise<SourceRows> => readTyped(db, path, `read_parquet(${literal(path)})`);

/** The rows of a relation of DuckDB that has types of its own. */
export async function readTyped(db: DuckDb, path: string, relation: string): Promise<SourceRows> {
  const described = await readingFrom(path, () => db.rows(`DESCRIBE SELECT * FROM ${relation}`));
  const columns = described.map((row) => ({ name: String(row['column_name']), type: String(row['column_type']) }));
  assertUsableColumns(path, columns.map(({ name }) => name));
  return {
    select: `SELECT ${columns.map(({ name, type }) => asSnapshotColumn(name, type)).join(', ')} FROM ${relation}`,
    columns: columns.map(({ name, type }) => ({ name, type: snapshotType(type) })),
    malformedRows: 0,
    malformedLines: [],
  };
}

/** From the file's own footer. @throws RefitError DATA_FILE_UNREADABLE */
export async function parquetRows(path: string, signal?: AbortSignal): Promise<number> {
  return withDuckDb({ files: [path], threads: 1, ...(signal && { signal }) }, async (db) => {
    const [row] = await readingFrom(path, () => db.rows(`SELECT num_rows FROM parquet_file_metadata(${literal(path)})`));
    return Number(row?.['num_rows']);
  });
}
