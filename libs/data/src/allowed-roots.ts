import { realpath } from 'node:fs/promises';
import { basename, dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { RefitError } from '@refit/contracts';

/**
 * The real path (symbolic links resolved) of a file that lies under one of the roots. A file that does not exist is judged
 * by where it would lie, so that nobody learns what exists elsewhere.
 *
 * @throws RefitError PATH_NOT_ALLOWED
 */
export async function assertAllowed(path: string, roots: readonly string[]): Promise<string> {
  const real = await realPathOfPossiblyMissing(resolve(path));
  const realRoots = await Promise.all(roots.map((root) => realPathOfPossiblyMissing(resolve(root))));
  if (realRoots.some((root) => contains(root, real))) return real;
  const target = real === resolve(path) ? '' : ` (it leads to ${real})`;
  throw new RefitError(
    'PATH_NOT_ALLOWED',
    `${path}${target} is outside the folders that data may come from: ${roots.join(', ') || 'none is configured'}. Move it there, or start Refit with --allow-root for its folder.`,
  );
}

/**
 * The local path that a plain path or a file:// URI names.
 *
 * @throws RefitError REQUEST_INVALID for any other kind of URI
 */
export function localPath(uri: string): string {
  if (!/^[a-z][a-z0-9+.-]+:/iu.test(uri)) return resolve(uri);
  try {
    return fileURLToPath(uri);
  } catch (cause) {
    throw new RefitError('REQUEST_INVALID', `${uri} does not name a local file: give a path or a file:// URI`, { cause });
  }
}

const contains = (root: string, path: string) => {
  const way = relative(root, path);
  return way === '' || (way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way));
};

async function realPathOfPossiblyMissing(path: string): Promise<string> {
  try {
    return await realpath(path);
  } catch {
    const parent = dirname(path);
    return parent === path ? path : join(await realPathOfPossiblyMissing(parent), basename(path));
  }
}
