import type { SnapshotColumn } from './column-types.js';
import { asSnapshotColumn, snapshotType } from './column-types.js';
import type { DuckDb } from './duckdb.js';
import { identifier, literal } from './sql.js';

/** A Parquet file, or a table of the same DuckDB. */
export type RowsSource = { readonly parquet: string } | { readonly table: string };

export interface DescribedSnapshot {
  readonly columns: readonly SnapshotColumn[];
  readonly rows: number;
  /** The SQL that gives its columns in these types, also of a Parquet file that is no snapshot. */
  readonly select: readonly string[];
}

/** Columns and row count of a snapshot, from its footer. */
export const describeSnapshot = (db: DuckDb, parquetPath: string): Promise<DescribedSnapshot> => describeRows(db, { parquet: parquetPath });

/** The same of any source of rows. */
export async function describeRows(db: DuckDb, source: RowsSource): Promise<DescribedSnapshot> {
  const isTable = 'table' in source;
  const described = await db.rows(`DESCRIBE SELECT * FROM ${isTable ? identifier(source.table) : `read_parquet(${literal(source.parquet)})`}`);
  const [footer] = await db.rows(isTable ? `SELECT count(*) AS num_rows FROM ${identifier(source.table)}` : `SELECT num_rows FROM parquet_file_metadata(${literal(source.parquet)})`);
  return {
    columns: described.map((row) => ({ name: String(row['column_name']), type: snapshotType(String(row['column_type'])) })),
    rows: Number(footer?.['num_rows']),
    select: described.map((row) => asSnapshotColumn(String(row['column_name']), String(row['column_type']))),
  };
}
