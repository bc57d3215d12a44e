import { RefitError } from '@refit/contracts';

/** The operating system's name of a failure, `ENOENT`; undefined for other errors. */
export const systemCode = (error: unknown): string | undefined =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;

const noRoom = ['ENOSPC', 'EDQUOT'];
const notUsable = ['EACCES', 'EPERM', 'EROFS', 'ENOTDIR', 'EEXIST', 'ELOOP', 'ENAMETOOLONG'];

/** A failure to write below the store's folder, as a person can act on it. */
export function writeTrouble(error: unknown, directory: string): unknown {
  const code = systemCode(error) ?? '';
  if (noRoom.includes(code)) {
    return new RefitError('DISK_FULL', `There is no room for another artifact in ${directory}: make room on this disk, then try again`, { cause: error });
  }
  if (notUsable.includes(code)) {
    return new RefitError('DATA_DIRECTORY_UNUSABLE', `Artifacts cannot be written to ${directory} (${code}): check that it is a folder that this user may write to`, { cause: error });
  }
  return error;
}
