import { access, constants, stat } from 'node:fs/promises';
import { DataFormat, RefitError } from '@refit/contracts';
import { assertAllowed, localPath } from './allowed-roots.js';
import { formatOf } from './data-format.js';
import { parquetRows } from './read-parquet.js';

export interface DataFile {
  /** Real path. */
  readonly path: string;
  readonly format: DataFormat;
  readonly bytes: number;
  /** Where the file itself says it (Parquet); else ask `countRows`. */
  readonly rows?: number;
}

/**
 * Whether a file can be taken as data, from a look at its beginning and end: milliseconds, also for large files.
 *
 * @param uri a plain path or a file:// URI
 * @param declared UNSPECIFIED: by name, then by content
 * @throws RefitError REQUEST_INVALID, PATH_NOT_ALLOWED, DATA_FILE_NOT_FOUND, DATA_FILE_EMPTY, DATA_FILE_UNREADABLE
 */
export async function inspectDataFile(uri: string, declared: DataFormat, roots: readonly string[]): Promise<DataFile> {
  const path = await assertAllowed(localPath(uri), roots);
  const bytes = await sizeOf(path);
  if (bytes === 0) throw new RefitError('DATA_FILE_EMPTY', `${path} has no bytes: deliver a file with data`);
  const format = await formatOf(path, declared);
  return format === DataFormat.PARQUET ? { path, format, bytes, rows: await parquetRows(path) } : { path, format, bytes };
}

async function sizeOf(path: string): Promise<number> {
  const found = await stat(path).catch((cause: unknown) => {
    throw new RefitError('DATA_FILE_NOT_FOUND', `${path} does not exist: deliver it, or correct the path`, { cause });
  });
  if (!found.isFile()) throw new RefitError('DATA_FILE_UNREADABLE', `${path} is not a file: name one file, or a glob in the pipeline's source`);
  await access(path, constants.R_OK).catch((cause: unknown) => {
    throw new RefitError('DATA_FILE_UNREADABLE', `${path} may not be read: give this user the right to`, { cause });
  });
  return found.size;
}
