import { constants } from 'node:fs';
import { access, stat, statfs } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Finding } from './finding.js';

/** Less free space than this is worth a word. */
const scarce = 1024 ** 3;

/** Whether the data directory is there, or can be made, and has room. */
export async function probeDataDirectory(directory: string): Promise<Finding> {
  const what = 'data directory';
  const place = await nearestPlace(directory);
  if (!(await isFolder(place))) return { what, ok: false, says: `${place} is a file: choose another dataDirectory` };
  try {
    await access(place, constants.W_OK | constants.X_OK);
  } catch {
    return { what, ok: false, says: `${place} cannot be written by this user: make it writable, or choose another dataDirectory` };
  }
  const { bavail, bsize } = await statfs(place);
  const room = `${((bavail * bsize) / 1024 ** 3).toFixed(1)} GiB free`;
  if (bavail * bsize < scarce) return { what, ok: false, says: `${directory} has little room (${room}): free some space` };
  return { what, ok: true, says: place === directory ? `${directory} can be written; ${room}` : `${directory} is made at the first start; ${room}` };
}

/** The directory itself, or what is there of the way to it. */
async function nearestPlace(path: string): Promise<string> {
  const found = await stat(path).catch(() => undefined);
  return found !== undefined || dirname(path) === path ? path : nearestPlace(dirname(path));
}

const isFolder = async (path: string) => (await stat(path)).isDirectory();
