import { insteadOfColumn, RefitError } from '@refit/contracts';
import type { ColumnTable, TableColumn } from '@refit/transforms';
import type { SnapshotColumn } from './column-types.js';
import { withDuckDb, type DuckDb } from './duckdb.js';
import { doubles, integers } from './number-vectors.js';
import { describeSnapshot } from './snapshot-columns.js';
import { identifier, literal } from './sql.js';

export interface ReadColumnsOptions {
  readonly signal?: AbortSignal;
  readonly threads?: number;
}

/**
 * Columns of a snapshot (all of them by default) as a table, rows in the snapshot's order. Infinite numbers are missing
 * here, as nothing can be learnt from them. Works in a worker thread too; lets other work run between chunks.
 *
 * @throws RefitError FEATURES_MISSING when the snapshot has no such column
 */
export async function readColumns(path: string, columns?: readonly string[], options: ReadColumnsOptions = {}): Promise<ColumnTable> {
  return withDuckDb({ files: [path], ...options }, async (db) => {
    const snapshot = await describeSnapshot(db, path);
    const chosen = columns?.map((name) => find(snapshot.columns, name)) ?? snapshot.columns;
    if (chosen.length === 0) return { rows: snapshot.rows, columns: new Map() };
    const readers: ColumnReader[] = [];
    for (const [i, column] of chosen.entries()) readers.push(await columnReader(db, path, column, i, snapshot.rows));
    let offset = 0;
    for await (const chunk of db.chunks(`SELECT ${readers.map(({ sql }) => sql).join(', ')} FROM read_parquet(${literal(path)})`)) {
      readers.forEach(({ target, type }, i) => {
        if (type === 'codes') target.codes.set(integers(chunk, i), offset);
        else target.values.set(doubles(chunk, i), offset);
      });
      offset += chunk.rowCount;
    }
    return { rows: snapshot.rows, columns: new Map(chosen.map(({ name }, i) => [name, tableColumn(readers, i)])) };
  });
}

type ColumnReader =
  | { readonly type: 'numbers'; readonly sql: string; readonly target: TableColumn & { kind: 'number' | 'time' } }
  | { readonly type: 'codes'; readonly sql: string; readonly target: TableColumn & { kind: 'category' } };

/** Text is coded inside DuckDB, as an ENUM over the sorted distinct values: no string is made per row. */
async function columnReader(db: DuckDb, path: string, { name, type }: SnapshotColumn, i: number, rows: number): Promise<ColumnReader> {
  const column = identifier(name);
  const values = new Float64Array(type === 'VARCHAR' ? 0 : rows);
  switch (type) {
    case 'VARCHAR': {
      const sorted = `SELECT DISTINCT ${column} AS value FROM read_parquet(${literal(path)}) WHERE ${column} IS NOT NULL ORDER BY value`;
      await db.run(`CREATE TYPE category${i} AS ENUM (${sorted})`);
      const dictionary = await db.rows(`SELECT unnest(enum_range(NULL::category${i})) AS value`);
      return {
        type: 'codes',
        sql: `CAST(coalesce(enum_code(CAST(${column} AS category${i})), -1) AS INTEGER)`,
        target: { kind: 'category', codes: new Int32Array(rows), dictionary: dictionary.map((row) => String(row['value'])) },
      };
    }
    case 'TIMESTAMP':
      return { type: 'numbers', sql: `coalesce(CAST(epoch_us(${column}) AS DOUBLE) / 1000, 'nan')`, target: { kind: 'time', values } };
    case 'DOUBLE':
      return { type: 'numbers', sql: `CASE WHEN isfinite(${column}) THEN ${column} ELSE CAST('nan' AS DOUBLE) END`, target: { kind: 'number', values } };
    case 'BIGINT':
    case 'BOOLEAN':
      return { type: 'numbers', sql: `coalesce(CAST(${column} AS DOUBLE), 'nan')`, target: { kind: 'number', values } };
  }
}

function tableColumn(readers: readonly ColumnReader[], i: number): TableColumn {
  const reader = readers[i];
  if (!reader) throw new RangeError(`no column ${i}`);
  return reader.target;
}

function find(columns: readonly SnapshotColumn[], name: string): SnapshotColumn {
  const column = columns.find((candidate) => candidate.name === name);
  if (column) return column;
  throw new RefitError('FEATURES_MISSING', `the data has no column "${name}" (${insteadOfColumn(name, columns.map((c) => c.name))})`);
}
