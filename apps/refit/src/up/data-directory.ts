import { accessSync, constants, existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { RefitError } from '@refit/contracts';

export interface DataDirectoryLock {
  release(): void;
}

/**
 * Makes the data directory and takes it for this process alone. The lock is the operating system's: it ends with the
 * process, however that ends.
 *
 * @throws RefitError DATA_DIRECTORY_UNUSABLE when it cannot be made or written, or another process has it; DISK_FULL
 */
export function lockDataDirectory(directory: string): DataDirectoryLock {
  makeWritable(directory);
  const owner = join(directory, 'owner.pid');
  const file = join(directory, 'owner.lock');
  let database: DatabaseSync | undefined;
  try {
    database = new DatabaseSync(file, { timeout: 0 });
    database.exec('BEGIN EXCLUSIVE');
  } catch (cause) {
    database?.close();
    if (!isLocked(cause)) throw new RefitError('DATA_DIRECTORY_UNUSABLE', `${file}, which tells who uses the data directory, cannot be opened (${(cause as Error).message}): remove it if no Refit is running there`, { cause });
    const pid = existsSync(owner) ? ` (process ${readFileSync(owner, 'utf8').trim()})` : '';
    throw new RefitError('DATA_DIRECTORY_UNUSABLE', `another Refit${pid} is using ${directory}: stop it, or choose another folder with --data-dir`, { cause });
  }
  writeFileSync(owner, String(process.pid));
  return {
    release() {
      rmSync(owner, { force: true });
      database.close();
    },
  };
}

/** SQLITE_BUSY, https://www.sqlite.org/rescode.html */
const isLocked = (error: unknown) => error instanceof Error && 'errcode' in error && error.errcode === 5;

function makeWritable(directory: string): void {
  const inTheWay = fileInTheWay(directory);
  if (inTheWay !== undefined) {
    throw new RefitError('DATA_DIRECTORY_UNUSABLE', `the data directory ${directory} cannot be a folder, since ${inTheWay} is a file: choose another with --data-dir`);
  }
  try {
    makeFolder(directory);
    accessSync(directory, constants.W_OK | constants.X_OK);
    const probe = join(directory, `.probe-${process.pid}`);
    writeFileSync(probe, String(process.pid));
    rmSync(probe);
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException; // fs throws nothing else
    if (code === 'ENOSPC' || code === 'EDQUOT') throw new RefitError('DISK_FULL', `there is no room in the data directory ${directory}: free some space, or choose another with --data-dir`, { cause });
    throw new RefitError('DATA_DIRECTORY_UNUSABLE', `cannot write to the data directory ${directory} (${code}): make it writable, or choose another with --data-dir`, { cause });
  }
}

/** The file that stands where a folder is needed. */
function fileInTheWay(directory: string): string | undefined {
  const found = statSync(directory, { throwIfNoEntry: false });
  if (found) return found.isDirectory() ? undefined : directory;
  const parent = dirname(directory);
  return parent === directory ? undefined : fileInTheWay(parent);
}

/** With its parents. Node's own `recursive` never returns where a folder cannot be made at all, below /proc. */
function makeFolder(directory: string): void {
  if (existsSync(directory)) return;
  makeFolder(dirname(directory));
  mkdirSync(directory);
}

/** Does something that nobody else may interfere with, such as deleting the directory. @throws as `lockDataDirectory` */
export async function withExclusiveDataDirectory<T>(directory: string, action: () => Promise<T>): Promise<T> {
  const lock = lockDataDirectory(directory);
  try {
    return await action();
  } finally {
    lock.release();
  }
}
