import { mkdirSync, rmSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import type { SQLInputValue } from 'node:sqlite';
import { RefitError } from '@refit/contracts';
import type { Position } from '@refit/event-store';
import type { Logger } from 'pino';
import type { Projection, ProjectionReader, Row } from '../projection.js';
import { chooseDurability, UntrustedFile } from './file-trust.js';
import { forgetTables, prepareTables, readCheckpoint } from './projection-tables.js';
import { SqlConnection } from './sql-connection.js';
import { isDiskFull, isUnreadableFile } from './sqlite-trouble.js';

interface Connections {
  readonly write: SqlConnection;
  readonly read: SqlConnection;
  /** Of the file when it was opened. */
  readonly inode: number;
}

/**
 * One projection's hold on its file, which other projections may share. A file that cannot be read is thrown away:
 * everything in it comes from the log.
 */
export class ProjectionFile implements ProjectionReader {
  readonly #file: string;
  readonly #projection: Projection;
  readonly #logger: Logger;
  readonly #onUnreadable: () => void;
  #connections: Connections;

  /**
   * `onUnreadable` is called when a query finds the file damaged.
   *
   * @throws RefitError DATA_DIRECTORY_UNUSABLE, DISK_FULL
   */
  constructor(file: string, projection: Projection, logger: Logger, onUnreadable: () => void) {
    this.#file = file;
    this.#projection = projection;
    this.#logger = logger;
    this.#onUnreadable = onUnreadable;
    this.#connections = this.#open();
  }

  get writer(): SqlConnection {
    return this.#connections.write;
  }

  get checkpoint(): Position | undefined {
    return readCheckpoint(this.writer, this.#projection.name);
  }

  all(sql: string, ...values: SQLInputValue[]): Row[] {
    return this.#query((read) => read.all(sql, ...values));
  }

  get(sql: string, ...values: SQLInputValue[]): Row | undefined {
    return this.#query((read) => read.get(sql, ...values));
  }

  /** Empties the tables; the projection starts at the beginning of the log. */
  startOver(): void {
    forgetTables(this.writer, this.#projection.name);
    prepareTables(this.writer, this.#projection);
  }

  /** Throws the damaged file away, unless another projection has done so, and opens a new one. */
  replace(): void {
    const { inode } = this.#connections;
    this.close();
    if (inodeOf(this.#file) === inode) removeFile(this.#file);
    this.#connections = this.#open();
  }

  close(): void {
    this.#connections.read.close();
    this.#connections.write.close();
  }

  #query<T>(ask: (read: SqlConnection) => T): T {
    try {
      return ask(this.#connections.read);
    } catch (error) {
      if (!isUnreadableFile(error)) throw error;
      this.#onUnreadable();
      throw new RefitError('STORE_UNAVAILABLE', `The read model ${this.#projection.name} in ${this.#file} is damaged and is being built again from the log. Try again in a moment.`, { cause: error });
    }
  }

  #open(): Connections {
    try {
      mkdirSync(dirname(this.#file), { recursive: true });
      try {
        return this.#connect();
      } catch (error) {
        if (!isUnreadableFile(error) && !(error instanceof UntrustedFile)) throw error;
        this.#logger.warn({ err: error, file: this.#file }, 'a file of read models cannot be relied on; it is built again from the log');
        removeFile(this.#file);
        return this.#connect();
      }
    } catch (error) {
      const code = isDiskFull(error) ? 'DISK_FULL' : 'DATA_DIRECTORY_UNUSABLE';
      const reason = error instanceof Error ? error.message : String(error);
      throw new RefitError(code, `The read model ${this.#projection.name} cannot be kept in ${this.#file}: ${reason}. Check the disk and who may write there.`, { cause: error });
    }
  }

  #connect(): Connections {
    const write = new SqlConnection(this.#file, { readOnly: false });
    try {
      write.exec('PRAGMA journal_mode = WAL; PRAGMA cache_size = -2000; PRAGMA temp_store = MEMORY;');
      chooseDurability(write);
      prepareTables(write, this.#projection);
      return { write, read: new SqlConnection(this.#file, { readOnly: true }), inode: inodeOf(this.#file) };
    } catch (error) {
      write.close();
      throw error;
    }
  }
}

const inodeOf = (file: string): number => statSync(file, { throwIfNoEntry: false })?.ino ?? 0;

function removeFile(file: string): void {
  for (const suffix of ['', '-wal', '-shm']) rmSync(file + suffix, { force: true });
}
