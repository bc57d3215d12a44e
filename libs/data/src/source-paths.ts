import { glob } from 'node:fs/promises';
import { basename, extname, relative } from 'node:path';
import { assertAllowed } from './allowed-roots.js';

export interface SourceFile {
  /** Names the batch: the file name without its extension or, where several files share that, the path below the glob's folder. */
  readonly name: string;
  /** Real path. */
  readonly path: string;
}

/**
 * The files that match the globs (plain paths included), each once, in the order of their paths. The same files have the
 * same order everywhere.
 *
 * @throws RefitError PATH_NOT_ALLOWED for a match outside the roots
 */
export async function expandSourcePaths(globs: readonly string[], roots: readonly string[]): Promise<readonly SourceFile[]> {
  const found = new Map<string, string>();
  for (const pattern of globs) {
    const base = baseOf(pattern);
    for await (const entry of glob(pattern, { withFileTypes: true })) {
      if (entry.isDirectory()) continue;
      const path = await assertAllowed(`${entry.parentPath}/${entry.name}`, roots);
      if (!found.has(path)) found.set(path, withoutExtension(relative(base, `${entry.parentPath}/${entry.name}`)));
    }
  }
  const files = [...found].sort(([a], [b]) => (a < b ? -1 : 1));
  const uses = new Map<string, number>();
  for (const [path] of files) uses.set(stem(path), (uses.get(stem(path)) ?? 0) + 1);
  return files.map(([path, relativeName]) => ({ path, name: uses.get(stem(path)) === 1 ? stem(path) : relativeName }));
}

/** The folder above the first part of a glob that has a special character; the file's own folder for a plain path. */
function baseOf(pattern: string): string {
  const parts = pattern.split('/');
  const special = parts.findIndex((part) => /[*?[\]{}!]/u.test(part));
  return parts.slice(0, special === -1 ? -1 : special).join('/') || '/';
}

const stem = (path: string) => withoutExtension(basename(path));
const withoutExtension = (path: string) => path.slice(0, path.length - extname(path).length);
