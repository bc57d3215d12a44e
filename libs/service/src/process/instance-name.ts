import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { v7 as uuid } from 'uuid';
import { RefitError } from '@refit/contracts';
import { tryLock, type OsLock } from './os-lock.js';

/** A process of a service among those of its data directory: `training`, `training-2`, … */
export interface InstanceName extends OsLock {
  readonly name: string;
  /** From 1. */
  readonly number: number;
  /** Of this process, new at each start. */
  readonly id: string;
  /** Of the process that had the name before and was killed: it surely is dead, since the name was free. */
  readonly predecessor?: string;
}

const folderOf = (dataDirectory: string) => join(dataDirectory, 'instances');

/**
 * The first free name, for as long as this process lives or until it is released: a process that is started again gets
 * the name that it had, and with it its read models.
 *
 * @throws RefitError DATA_DIRECTORY_UNUSABLE
 */
export function takeInstanceName(dataDirectory: string, service: string): InstanceName {
  const folder = folderOf(dataDirectory);
  try {
    if (!existsSync(folder)) makeFolder(folder);
    for (let number = 1; ; number++) {
      const name = number === 1 ? service : `${service}-${number}`;
      const lock = tryLock(join(folder, `${name}.lock`), 'rival');
      if (lock) return named(name, number, join(folder, name), lock);
    }
  } catch (cause) {
    throw new RefitError('DATA_DIRECTORY_UNUSABLE', `the names of the services' processes cannot be kept in ${folder} (${(cause as Error).message}): make it a folder that this user may write, or choose another data directory with --data-dir`, { cause });
  }
}

function makeFolder(folder: string): void {
  try {
    mkdirSync(folder);
  } catch (error) {
    if (!existsSync(folder)) throw error; // another process made it meanwhile
  }
}

/** Whoever has the lock writes beside it who that is. */
function named(name: string, number: number, file: string, lock: OsLock): InstanceName {
  const [pidFile, idFile] = [`${file}.pid`, `${file}.id`];
  const predecessor = textIn(idFile);
  const id = uuid();
  writeFileSync(pidFile, String(process.pid));
  writeFileSync(idFile, id);
  return {
    name,
    number,
    id,
    ...(predecessor !== '' && { predecessor }),
    release() {
      rmSync(pidFile, { force: true });
      rmSync(idFile, { force: true });
      lock.release();
    },
  };
}

/** Processes that hold a name now, to be told of. */
export function runningInstances(dataDirectory: string): readonly { readonly name: string; readonly pid: number }[] {
  const folder = folderOf(dataDirectory);
  return namesIn(folder).flatMap((name) => {
    const pid = Number(textIn(join(folder, `${name}.pid`)));
    return isAlive(pid) ? [{ name, pid }] : [];
  });
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder).flatMap((file) => /^(.+)\.pid$/.exec(file)?.[1] ?? []).sort();
  } catch {
    return []; // no service has run here
  }
}

/** Empty when there is none. */
function textIn(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return ''; // nobody was here, or it has just ended
  }
}

function isAlive(pid: number): boolean {
  if (!Number.isSafeInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'; // somebody else's process is one all the same
  }
}
