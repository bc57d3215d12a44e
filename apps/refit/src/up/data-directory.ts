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
 * @throws RefitError DATA_DIRECTORY_UNUSABLE when it cannot be made or written, or another process has it
 */
export function lockDataDirectory(directory: string): DataDirectoryLock {
  makeWritable(directory);
  const owner = join(directory, 'owner.pid');
  const database = new DatabaseSync(join(directory, 'owner.lock'), { timeout: 0 });
  try {
    database.exec('BEGIN EXCLUSIVE');
  } catch (cause) {
    database.close();
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

function makeWritable(directory: string): void {
  const inTheWay = fileInTheWay(directory);
  if (inTheWay !== undefined) {
    throw new RefitError('DATA_DIRECTORY_UNUSABLE', `the data directory ${directory} cannot be a folder, since ${inTheWay} is a file: choose another with --data-dir`);
  }
  try {
    makeFolder(directory);
    accessSync(directory, constants.W_OK | constants.X_OK);
    const probe = join(directory, `.probe-${process.pid}`);
    writeFileSync(probe, '');
    rmSync(probe);
  } catch (cause) {
    throw new RefitError('DATA_DIRECTORY_UNUSABLE', `cannot write to the data directory ${directory} (${(cause as NodeJS.ErrnoException).code}): make it writable, or choose another with --data-dir`, { cause });
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
