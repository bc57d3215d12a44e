import type { DuckDb } from '../duckdb.js';
import { identifier } from '../sql.js';

/** Into a table that lives as long as the DuckDB does, in the rows' order; what has no room in memory goes to its scratch folder. */
export const loadRows = (db: DuckDb, select: string, table: string): Promise<void> => db.run(`CREATE OR REPLACE TEMP TABLE ${identifier(table)} AS ${select}`);
