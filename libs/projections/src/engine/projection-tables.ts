import { digest } from '@refit/contracts';
import type { Position, RecordedEvent } from '@refit/event-store';
import type { Projection } from '../projection.js';
import type { SqlConnection } from './sql-connection.js';

/** What a file knows about the projections in it. */
const bookkeeping = `
  CREATE TABLE IF NOT EXISTS projection_checkpoints (
    projection TEXT PRIMARY KEY, definition TEXT NOT NULL, position TEXT NOT NULL
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS projection_tables (
    projection TEXT NOT NULL, name TEXT NOT NULL, PRIMARY KEY (projection, name)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS projection_poison (
    projection TEXT NOT NULL, position TEXT NOT NULL, stream TEXT NOT NULL, revision INTEGER NOT NULL,
    event_id TEXT NOT NULL, type TEXT NOT NULL, error TEXT NOT NULL, PRIMARY KEY (projection, position)
  ) STRICT, WITHOUT ROWID;
`;

/** Makes the projection's tables; empty ones when those in the file were made by another definition of it. */
export function prepareTables(sql: SqlConnection, projection: Projection): void {
  sql.exec(bookkeeping);
  sql.transaction(() => {
    const { name, version, tables, filter } = projection;
    const definition = digest({ version, tables, filter });
    const known = sql.get('SELECT definition FROM projection_checkpoints WHERE projection = ?', name);
    if (known?.['definition'] === definition) return;
    dropTables(sql, name);
    createTables(sql, projection);
    sql.run('INSERT INTO projection_checkpoints VALUES (?, ?, ?)', name, definition, '');
  });
}

function dropTables(sql: SqlConnection, projection: string): void {
  for (const { name } of sql.all('SELECT name FROM projection_tables WHERE projection = ?', projection)) {
    sql.exec(`DROP TABLE IF EXISTS "${String(name).replaceAll('"', '""')}"`);
  }
  for (const table of ['projection_tables', 'projection_poison', 'projection_checkpoints']) {
    sql.run(`DELETE FROM ${table} WHERE projection = ?`, projection);
  }
}

function createTables(sql: SqlConnection, { name, tables }: Projection): void {
  const before = new Set(tableNames(sql));
  for (const ddl of tables) sql.exec(ddl);
  for (const table of tableNames(sql)) {
    if (!before.has(table)) sql.run('INSERT INTO projection_tables VALUES (?, ?)', name, table);
  }
}

const tableNames = (sql: SqlConnection): string[] => sql.all(`SELECT name FROM sqlite_schema WHERE type = 'table'`).map(({ name }) => String(name));

/** As far as the tables go; undefined at the start of the log. */
export const readCheckpoint = (sql: SqlConnection, projection: string): Position | undefined =>
  String(sql.get('SELECT position FROM projection_checkpoints WHERE projection = ?', projection)?.['position'] ?? '') || undefined;

export const writeCheckpoint = (sql: SqlConnection, projection: string, position: Position): number =>
  sql.run('UPDATE projection_checkpoints SET position = ? WHERE projection = ?', position, projection);

export const writePoison = (sql: SqlConnection, projection: string, { position, stream, revision, id, type }: RecordedEvent, error: string): number =>
  sql.run('INSERT OR REPLACE INTO projection_poison VALUES (?, ?, ?, ?, ?, ?, ?)', projection, position, stream, revision, id, type, error);

/** Forgets what the tables hold, so that they are made again. */
export function forgetTables(sql: SqlConnection, projection: string): void {
  sql.transaction(() => sql.run(`UPDATE projection_checkpoints SET definition = '' WHERE projection = ?`, projection));
}
