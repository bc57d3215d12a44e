import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';

/** A folder for one execution of a run's step, on the disk of the artifacts; what a killed execution left there goes first. */
export async function inScratch(dataDirectory: string, runId: string, work: (folder: string) => Promise<void>): Promise<void> {
  const folder = join(dataDirectory, 'scratch', runId);
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  try {
    await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
