import { readFileSync } from 'node:fs';
import type { SqlConnection } from './sql-connection.js';

/** The file may have lost writes, and is to be built again. */
export class UntrustedFile extends Error {
  override readonly name = 'UntrustedFile';
}

/**
 * Chooses how the file is written. A flush to disk would hold the event loop for as long as a busy disk likes, so there
 * is none where the system tells whether the machine was started since (Linux): nothing but a crash of the machine can
 * lose what was written, and a file from before its last start is not trusted. Elsewhere SQLite flushes now and then.
 *
 * @throws UntrustedFile
 */
export function chooseDurability(sql: SqlConnection): void {
  const boot = bootId();
  sql.exec(`PRAGMA synchronous = ${boot === undefined ? 'NORMAL' : 'OFF'}`);
  if (boot === undefined) return;
  sql.exec('CREATE TABLE IF NOT EXISTS projection_file (boot TEXT PRIMARY KEY) STRICT, WITHOUT ROWID');
  sql.run('INSERT INTO projection_file SELECT ? WHERE NOT EXISTS (SELECT 1 FROM projection_file)', boot);
  if (sql.get('SELECT boot FROM projection_file')?.['boot'] !== boot) throw new UntrustedFile('the machine was started since the file was made');
}

/** Another one each time the machine starts. */
function bootId(): string | undefined {
  try {
    return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim() || undefined;
  } catch {
    return undefined;
  }
}
