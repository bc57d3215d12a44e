import { DatabaseSync } from 'node:sqlite';

/** Held until it is released, or the process ends, however that ends. */
export interface OsLock {
  release(): void;
}

/**
 * - `shared`: by any number together
 * - `exclusive`: by one alone, while nobody shares it
 * - `rival`: by one alone; of several that try at the same time exactly one gets it
 */
export type LockKind = 'shared' | 'exclusive' | 'rival';

/**
 * The operating system's lock on a file; undefined when another process is in the way. Node has no locks of its own;
 * SQLite takes them, and writes nothing into the file.
 *
 * @throws Error when the file cannot be opened
 */
export function tryLock(file: string, kind: LockKind): OsLock | undefined {
  // Who tries for it alone and is refused stands in the way of sharing for a moment.
  const database = new DatabaseSync(file, { timeout: kind === 'shared' ? 500 : 0 });
  try {
    database.exec('PRAGMA journal_mode = MEMORY'); // nothing is written that a crash would have to undo
    begin[kind](database);
    held.add(database);
    return {
      release() {
        held.delete(database);
        database.close();
      },
    };
  } catch (error) {
    database.close();
    if (isLocked(error)) return undefined;
    throw error;
  }
}

/** Who forgets the lock still has it: a database that nobody refers to would be closed by the garbage collector. */
const held = new Set<DatabaseSync>();

const begin: Readonly<Record<LockKind, (database: DatabaseSync) => void>> = {
  exclusive: (database) => database.exec('BEGIN EXCLUSIVE'),
  rival: (database) => database.exec('BEGIN IMMEDIATE'),
  shared(database) {
    database.exec('BEGIN'); // takes its lock with the first thing that it reads
    database.prepare('SELECT count(*) FROM sqlite_schema').get();
  },
};

/** SQLITE_BUSY, https://www.sqlite.org/rescode.html */
const isLocked = (error: unknown) => error instanceof Error && 'errcode' in error && error.errcode === 5;
