import { accessSync, constants, existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { RefitError } from '@refit/contracts';
import { runningInstances } from './instance-name.js';
import { tryLock, type OsLock } from './os-lock.js';

/** For one process alone (`refit up`, `refit reset`), or together with the other processes that share it (services). */
export type DirectoryUse = 'exclusive' | 'shared';

/**
 * Makes the data directory and takes it for this process, until that ends or releases it.
 *
 * @throws RefitError DATA_DIRECTORY_UNUSABLE when it cannot be made or written, or others use it otherwise; DISK_FULL
 */
export function lockDataDirectory(directory: string, use: DirectoryUse): OsLock {
  makeWritable(directory);
  const owner = join(directory, 'owner.pid');
  const lock = takeLock(join(directory, 'owner.lock'), use);
  if (!lock) throw new RefitError('DATA_DIRECTORY_UNUSABLE', `${usersOf(directory, owner)}, or choose another folder with --data-dir`);
  rmSync(owner, { force: true }); // of a process that was killed
  if (use === 'shared') return lock;
  writeFileSync(owner, String(process.pid));
  return {
    release() {
      rmSync(owner, { force: true });
      lock.release();
    },
  };
}

/** Does something that nobody else may interfere with, such as deleting the directory. @throws as `lockDataDirectory` */
export async function withExclusiveDataDirectory<T>(directory: string, action: () => Promise<T>): Promise<T> {
  const lock = lockDataDirectory(directory, 'exclusive');
  try {
    return await action();
  } finally {
    lock.release();
  }
}

function takeLock(file: string, use: DirectoryUse): OsLock | undefined {
  try {
    return tryLock(file, use);
  } catch (cause) {
    throw new RefitError('DATA_DIRECTORY_UNUSABLE', `${file}, which tells who uses the data directory, cannot be opened (${(cause as Error).message}): remove it if no Refit is running there`, { cause });
  }
}

/** Who is in the way, and the beginning of what to do about it. */
function usersOf(directory: string, owner: string): string {
  const instances = runningInstances(directory).map(({ name, pid }) => `${name}: process ${pid}`);
  if (instances.length > 0) return `services of Refit are using ${directory} (${instances.join(', ')}): stop them`;
  const pid = existsSync(owner) ? ` (process ${readFileSync(owner, 'utf8').trim()})` : '';
  return `another Refit${pid} is using ${directory}: stop it`;
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
    try {
      writeFileSync(probe, String(process.pid));
    } finally {
      rmSync(probe, { force: true });
    }
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
  try {
    mkdirSync(directory);
  } catch (error) {
    if (!existsSync(directory)) throw error; // another process made it meanwhile
  }
}
