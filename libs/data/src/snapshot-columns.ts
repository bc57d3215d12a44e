import type { SnapshotColumn } from './column-types.js';
import { asSnapshotColumn, snapshotType } from './column-types.js';
import type { DuckDb } from './duckdb.js';
import { literal } from './sql.js';

export interface DescribedSnapshot {
  readonly columns: readonly SnapshotColumn[];
  readonly rows: number;
  /** The SQL that gives its columns in these types, also of a Parquet file that is no snapshot. */
  readonly select: readonly string[];
}

/** Columns and row count of a snapshot, from its footer. */
export async function describeSnapshot(db: DuckDb, parquetPath: string): Promise<DescribedSnapshot> {
  const described = await db.rows(`DESCRIBE SELECT * FROM read_parquet(${literal(parquetPath)})`);
  const [footer] = await db.rows(`SELECT num_rows FROM parquet_file_metadata(${literal(parquetPath)})`);
  return {
    columns: described.map((row) => ({ name: String(row['column_name']), type: snapshotType(String(row['column_type'])) })),
    rows: Number(footer?.['num_rows']),
    select: described.map((row) => asSnapshotColumn(String(row['column_name']), String(row['column_type']))),
  };
}
