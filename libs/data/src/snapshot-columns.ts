import type { SnapshotColumn } from './column-types.js';
import { snapshotType } from './column-types.js';
import type { DuckDb } from './duckdb.js';
import { literal } from './sql.js';

/** Columns and row count of a snapshot, from its footer. */
export async function describeSnapshot(db: DuckDb, parquetPath: string): Promise<{ columns: readonly SnapshotColumn[]; rows: number }> {
  const described = await db.rows(`DESCRIBE SELECT * FROM read_parquet(${literal(parquetPath)})`);
  const [footer] = await db.rows(`SELECT num_rows FROM parquet_file_metadata(${literal(parquetPath)})`);
  return {
    columns: described.map((row) => ({ name: String(row['column_name']), type: snapshotType(String(row['column_type'])) })),
    rows: Number(footer?.['num_rows']),
  };
}
