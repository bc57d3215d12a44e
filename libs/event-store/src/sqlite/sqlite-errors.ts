import { RefitError, type ErrorCode } from '@refit/contracts';

/** Primary result codes of SQLite, https://www.sqlite.org/rescode.html; the low byte of an extended code. */
const SQLITE_PERM = 3;
const SQLITE_BUSY = 5;
const SQLITE_LOCKED = 6;
const SQLITE_READONLY = 8;
const SQLITE_IOERR = 10;
const SQLITE_CORRUPT = 11;
const SQLITE_FULL = 13;
const SQLITE_CANTOPEN = 14;
const SQLITE_PROTOCOL = 15;
const SQLITE_CONSTRAINT = 19;
const SQLITE_NOTADB = 26;

/** What node:sqlite throws. */
interface SqliteError extends Error {
  readonly errcode: number;
}

const isSqliteError = (error: unknown): error is SqliteError => error instanceof Error && 'errcode' in error && typeof error.errcode === 'number';

const primaryCode = (error: unknown) => (isSqliteError(error) ? error.errcode & 0xff : undefined);

/** Another connection holds a lock just now: worth another try in a moment. */
export function isLocked(error: unknown): boolean {
  const code = primaryCode(error);
  return code === SQLITE_BUSY || code === SQLITE_LOCKED || code === SQLITE_PROTOCOL;
}

export const isConstraintViolation = (error: unknown) => primaryCode(error) === SQLITE_CONSTRAINT;

/** The error of Refit that says the same about the store's file; what is not SQLite's passes as it is. */
export function storeError(error: unknown, file: string): Error {
  if (!(error instanceof Error)) return new Error(String(error));
  if ('code' in error && error.code === 'ERR_INVALID_STATE') return closedError(file);
  const code = primaryCode(error);
  if (code === undefined) return error;
  const [refitCode, message] = explanations[code] ?? unexpected;
  return new RefitError(refitCode, message(file, error.message), { cause: error });
}

export const closedError = (file: string) => new RefitError('STORE_UNAVAILABLE', `The event store ${file} was closed in this process.`);

type Explanation = readonly [ErrorCode, (file: string, reason: string) => string];

const locked: Explanation = [
  'STORE_UNAVAILABLE',
  (file) => `The event store ${file} stayed locked by another process. Find out which program holds it (fuser ${file}), let it finish or stop it, and try again.`,
];

const corrupt: Explanation = [
  'STORE_CORRUPT',
  (file, reason) =>
    `The event store ${file} is damaged or is not an event store (${reason}). Move it away together with ${file}-wal and ${file}-shm, then put a backup in its place, or start with an empty log.`,
];

const unusable: Explanation = [
  'DATA_DIRECTORY_UNUSABLE',
  (file, reason) => `The event store ${file} cannot be opened for writing (${reason}). Check that its folder exists and that this user may write there, or choose another data folder.`,
];

const unexpected: Explanation = ['INTERNAL', (file, reason) => `The event store ${file} failed: ${reason}.`];

const explanations: Readonly<Record<number, Explanation>> = {
  [SQLITE_BUSY]: locked,
  [SQLITE_LOCKED]: locked,
  [SQLITE_PROTOCOL]: locked,
  [SQLITE_CORRUPT]: corrupt,
  [SQLITE_NOTADB]: corrupt,
  [SQLITE_READONLY]: unusable,
  [SQLITE_CANTOPEN]: unusable,
  [SQLITE_PERM]: unusable,
  [SQLITE_FULL]: ['DISK_FULL', (file) => `The disk that holds the event store ${file} is full. Nothing was written. Free some space and try again.`],
  [SQLITE_IOERR]: ['STORE_UNAVAILABLE', (file, reason) => `The disk that holds the event store ${file} failed (${reason}). Check the disk, then try again.`],
};
