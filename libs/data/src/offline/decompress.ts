import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, open } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGunzip, createZstdDecompress } from 'node:zlib';
import { RefitError } from '@refit/contracts';

const formats = [
  { magic: '1f8b', name: 'gzip', ending: /\.gz$/iu, decoder: createGunzip },
  { magic: '28b52ffd', name: 'zstd', ending: /\.zstd?$/iu, decoder: createZstdDecompress },
] as const;

/** Of the folder: where it is put. */
export const decompressedFolder = 'plain';

/**
 * The file itself, or what a compressed one holds, in a folder and under its name without the ending of the compression.
 *
 * @throws RefitError DATA_FILE_UNREADABLE for a compressed file that is damaged or was cut off
 */
export async function decompressed(path: string, folder: string, signal?: AbortSignal): Promise<string> {
  const head = await firstBytes(path).catch(() => ''); // a file that cannot be read is told of by who reads it
  const format = formats.find(({ magic }) => head.startsWith(magic));
  if (!format) return path;
  await mkdir(join(folder, decompressedFolder));
  const target = join(folder, decompressedFolder, basename(path).replace(format.ending, ''));
  try {
    await pipeline(createReadStream(path), format.decoder(), createWriteStream(target), { ...(signal && { signal }) });
  } catch (cause) {
    signal?.throwIfAborted();
    throw isFull(cause) ? new RefitError('DISK_FULL', `there is no room to decompress ${path}: free some space`, { cause }) : new RefitError('DATA_FILE_UNREADABLE', `${path} is no whole ${format.name} file: deliver it again`, { cause });
  }
  return target;
}

const isFull = (error: unknown) => error instanceof Error && 'code' in error && (error.code === 'ENOSPC' || error.code === 'EDQUOT');

async function firstBytes(path: string): Promise<string> {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(4), 0, 4, 0);
    return buffer.toString('hex', 0, bytesRead);
  } finally {
    await file.close();
  }
}
