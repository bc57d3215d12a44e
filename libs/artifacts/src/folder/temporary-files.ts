import { randomUUID } from 'node:crypto';
import { readdir, rm, stat } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { systemCode } from './file-trouble.js';

/** A file that nobody has written to for so long belongs to nobody, wherever its writer was. */
const abandonedAfterMs = 24 * 60 * 60 * 1000;

/** This process: another one may get its number, and a container's may be the same each time it starts. */
const incarnation = randomUUID();
const host = hostname().replaceAll(/[^A-Za-z0-9-]/g, '_');

/** A new name in a folder, which tells who writes there. */
export const temporaryFile = (folder: string): string => join(folder, `${host}.${process.pid}.${incarnation}.${randomUUID()}`);

/** Removes what writers that are no more have left half-written. */
export async function removeAbandoned(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    if (await isAbandoned(folder, name)) await rm(join(folder, name), { force: true, recursive: true });
  }
}

async function isAbandoned(folder: string, name: string): Promise<boolean> {
  const [writerHost, pid, writer] = name.split('.');
  if (writer === incarnation) return false;
  if (writerHost === host && !isAlive(Number(pid))) return true;
  const file = await stat(join(folder, name)).catch(() => undefined);
  return file !== undefined && Date.now() - file.mtimeMs > abandonedAfterMs;
}

function isAlive(pid: number): boolean {
  // Our own number with another incarnation: a process before us had it.
  if (!Number.isSafeInteger(pid) || pid <= 0 || pid === process.pid) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return systemCode(error) !== 'ESRCH';
  }
}
