import { randomUUID } from 'node:crypto';
import { mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * A folder for one execution of a run's step, on the disk of the artifacts. What an earlier one left there goes first: it
 * was killed, or its lease is lost. It removes no folder but its own when it goes on all the same.
 */
export async function inScratch(dataDirectory: string, runId: string, work: (folder: string) => Promise<void>): Promise<void> {
  const scratch = join(dataDirectory, 'scratch');
  await mkdir(scratch, { recursive: true });
  for (const name of await readdir(scratch)) if (name.split('.')[0] === runId) await rm(join(scratch, name), { recursive: true, force: true });
  const folder = join(scratch, `${runId}.${randomUUID().slice(0, 8)}`);
  await mkdir(folder);
  try {
    await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
