import { constants } from 'node:fs';
import { access, chmod, copyFile, lstat, mkdir, open, readFile, rename, rm, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { canonicalJson, RefitError } from '@refit/contracts';
import type { ArtifactStore } from '../artifact-store.js';
import { assertHash, hashBytes, hashFile } from './artifact-hash.js';
import { syncFile, syncFolder } from './durable.js';
import { systemCode, writeTrouble } from './file-trouble.js';
import { removeAbandoned, temporaryFile } from './temporary-files.js';

/** Artifacts are never written to again. */
const readOnlyMode = 0o444;

/**
 * Artifacts as the files `aa/bb/<hash>` of a folder, which several processes may share. Each is written under
 * `tmp/`, flushed to disk and then renamed, so that it is never seen in part; what a crash has left there is removed
 * when the store is opened.
 *
 * @throws RefitError DATA_DIRECTORY_UNUSABLE, DISK_FULL
 */
export async function folderArtifactStore(directory: string): Promise<ArtifactStore> {
  const store = new FolderArtifactStore(resolve(directory));
  await store.prepare();
  return store;
}

class FolderArtifactStore implements ArtifactStore {
  readonly #directory: string;
  readonly #temporary: string;

  constructor(directory: string) {
    this.#directory = directory;
    this.#temporary = join(directory, 'tmp');
  }

  async prepare(): Promise<void> {
    await this.#writing(async () => {
      await mkdir(this.#temporary, { recursive: true });
      await access(this.#temporary, constants.R_OK | constants.W_OK | constants.X_OK);
      await removeAbandoned(this.#temporary);
    });
  }

  async put(bytes: Uint8Array): Promise<string> {
    const hash = await hashBytes(bytes);
    if (await this.#isStored(hash, bytes.length)) return hash;
    await this.#throughTemporary(hash, async (temporary) => {
      const file = await open(temporary, 'wx', readOnlyMode);
      try {
        await file.writeFile(bytes);
        await file.sync();
      } finally {
        await file.close();
      }
    });
    return hash;
  }

  async putJson(value: unknown): Promise<string> {
    return this.put(Buffer.from(canonicalJson(value)));
  }

  async putFile(path: string): Promise<{ hash: string; bytes: number }> {
    const movable = await isMovable(path);
    const { hash, bytes } = await hashFile(path);
    if (!(await this.#isStored(hash, bytes))) {
      if (!(movable && (await this.#move(path, hash)))) await this.#copy(path, hash);
    }
    await rm(path, { force: true });
    return { hash, bytes };
  }

  async get(hash: string): Promise<Uint8Array> {
    const file = this.#fileOf(hash);
    const bytes = await readFile(file).catch((error: unknown) => {
      throw systemCode(error) === 'ENOENT' ? notFound(hash, this.#directory) : error;
    });
    if ((await hashBytes(bytes)) === hash) return bytes;
    throw new RefitError('ARTIFACT_CORRUPT', `The file ${file} no longer has the content that it was stored with: restore it from a backup, or remove it and let a run make it again`);
  }

  async getJson(hash: string): Promise<unknown> {
    const text = new TextDecoder().decode(await this.get(hash));
    try {
      return JSON.parse(text);
    } catch (cause) {
      throw new RefitError('ARTIFACT_CORRUPT', `The artifact ${hash} is not JSON`, { cause });
    }
  }

  async path(hash: string): Promise<string> {
    if (await this.has(hash)) return this.#fileOf(hash);
    throw notFound(hash, this.#directory);
  }

  async has(hash: string): Promise<boolean> {
    return (await sizeOf(this.#fileOf(hash))) !== undefined;
  }

  async remove(hash: string): Promise<void> {
    const file = this.#fileOf(hash);
    await this.#writing(() => rm(file, { force: true }));
  }

  #fileOf(hash: string): string {
    assertHash(hash);
    return join(this.#directory, hash.slice(0, 2), hash.slice(2, 4), hash);
  }

  /** A file of another length cannot be it: it is replaced. */
  async #isStored(hash: string, bytes: number): Promise<boolean> {
    return (await sizeOf(this.#fileOf(hash))) === bytes;
  }

  /** False when the file lies on another disk. */
  async #move(path: string, hash: string): Promise<boolean> {
    return this.#writing(async () => {
      await syncFile(path);
      await chmod(path, readOnlyMode);
      try {
        await this.#place(path, hash);
        return true;
      } catch (error) {
        if (systemCode(error) === 'EXDEV') return false;
        throw error;
      }
    });
  }

  async #copy(path: string, hash: string): Promise<void> {
    await this.#throughTemporary(hash, async (temporary) => {
      await copyFile(path, temporary, constants.COPYFILE_EXCL);
      await chmod(temporary, readOnlyMode);
      await syncFile(temporary);
      if ((await hashFile(temporary)).hash !== hash) {
        throw new RefitError('DATA_FILE_UNREADABLE', `${path} was written to while it was being stored: store it once it is complete`);
      }
    });
  }

  async #throughTemporary(hash: string, write: (temporary: string) => Promise<void>): Promise<void> {
    const temporary = temporaryFile(this.#temporary);
    await this.#writing(async () => {
      try {
        await write(temporary);
        await this.#place(temporary, hash);
      } catch (error) {
        await rm(temporary, { force: true });
        throw error;
      }
    });
  }

  /** From here on it can be seen. The folders that lead to it are flushed too: else the name may be lost with the power. */
  async #place(from: string, hash: string): Promise<void> {
    const to = this.#fileOf(hash);
    const folder = dirname(to);
    await mkdir(folder, { recursive: true });
    await rename(from, to);
    for (const named of [folder, dirname(folder), this.#directory]) await syncFolder(named);
  }

  async #writing<T>(work: () => Promise<T>): Promise<T> {
    return work().catch((error: unknown) => {
      throw writeTrouble(error, this.#directory);
    });
  }
}

/** Whether the name can simply be given to the store: a file of its own, no link, and no other name for the same bytes. */
async function isMovable(path: string): Promise<boolean> {
  const found = await lstat(path).catch((error: unknown) => {
    throw systemCode(error) === 'ENOENT' ? new RefitError('DATA_FILE_NOT_FOUND', `There is no file ${path} to store`) : error;
  });
  const target = found.isSymbolicLink() ? await stat(path) : found;
  if (!target.isFile()) throw new RefitError('DATA_FILE_UNREADABLE', `${path} is not a file: only files can be stored as artifacts`);
  return found.isFile() && found.nlink === 1;
}

/** Undefined when there is no such file. */
async function sizeOf(file: string): Promise<number | undefined> {
  try {
    const found = await stat(file);
    return found.isFile() ? found.size : undefined;
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}

const notFound = (hash: string, directory: string) =>
  new RefitError('ARTIFACT_NOT_FOUND', `There is no artifact ${hash} in ${directory}`);
