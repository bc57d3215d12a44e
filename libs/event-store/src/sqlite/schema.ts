import type { DatabaseSync } from 'node:sqlite';
import { RefitError } from '@refit/contracts';

/** "Rfit": tells an event store from any other SQLite file. */
const applicationId = 0x52666974;
const schemaVersion = 1;

/**
 * Positions are row ids, given out inside the write transaction: there is one writer at a time, so their order is the
 * order of commits. Ids are unique per stream and not in the whole log because random ids in one large index cost
 * three times the write. No event is ever deleted, so no position is ever given out twice.
 */
const schema = `
  CREATE TABLE streams (
    key INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE
  ) STRICT;
  CREATE TABLE events (
    position INTEGER PRIMARY KEY,
    stream_key INTEGER NOT NULL,
    revision INTEGER NOT NULL,
    type TEXT NOT NULL,
    recorded_at INTEGER NOT NULL,
    id TEXT NOT NULL,
    metadata TEXT NOT NULL,
    data TEXT NOT NULL
  ) STRICT;
  CREATE UNIQUE INDEX events_by_revision ON events (stream_key, revision);
  CREATE UNIQUE INDEX events_by_id ON events (stream_key, id);
  CREATE INDEX events_by_type ON events (type);
  CREATE TABLE records (
    name TEXT PRIMARY KEY,
    revision INTEGER NOT NULL,
    value TEXT NOT NULL
  ) STRICT, WITHOUT ROWID;
  PRAGMA application_id = ${applicationId};
  PRAGMA user_version = ${schemaVersion};
`;

/**
 * Creates the tables in a new file, or makes sure that the file is an event store of a version this program knows.
 *
 * @throws RefitError STORE_CORRUPT
 */
export function prepareSchema(database: DatabaseSync, file: string): void {
  if (knownVersion(database, file) === schemaVersion) return requireWritable(database);
  database.exec('BEGIN IMMEDIATE');
  try {
    // Another process may have created it before this one had the lock.
    if (knownVersion(database, file) === 0) database.exec(schema);
    database.exec('COMMIT');
  } catch (error) {
    database.exec('ROLLBACK');
    throw error;
  }
}

/** SQLite opens a file that may only be read without a word, and would refuse the first append. */
function requireWritable(database: DatabaseSync): void {
  database.exec('BEGIN IMMEDIATE');
  try {
    database.exec(`PRAGMA user_version = ${schemaVersion}`);
  } finally {
    database.exec('ROLLBACK');
  }
}

function knownVersion(database: DatabaseSync, file: string): number {
  const version = pragma(database, 'user_version');
  const application = pragma(database, 'application_id');
  if (application === applicationId && version === schemaVersion) return version;
  if (application === applicationId) {
    throw new RefitError('STORE_CORRUPT', `The event store ${file} has schema version ${version}; this Refit knows version ${schemaVersion}. Use the Refit that wrote it, or a newer one.`);
  }
  if (application !== 0 || version !== 0 || hasTables(database)) {
    throw new RefitError('STORE_CORRUPT', `${file} is an SQLite database, but not an event store of Refit. Name another file.`);
  }
  return 0;
}

const hasTables = (database: DatabaseSync) => database.prepare('SELECT 1 FROM sqlite_schema LIMIT 1').get() !== undefined;

function pragma(database: DatabaseSync, name: 'user_version' | 'application_id'): number {
  return Number(database.prepare(`PRAGMA ${name}`).get()?.[name]);
}
