import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll } from 'vitest';

/** A folder for the tests of one file, removed after them, by its real path. */
export function temporaryFolder(name: string) {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), `refit-${name}-`)));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  return {
    folder,
    path: (...parts: readonly string[]) => join(folder, ...parts),
    /** Writes a file, with the folders that lead to it; its path. */
    write: (file: string, content: string | Uint8Array): string => {
      const path = join(folder, file);
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, content);
      return path;
    },
  };
}
