import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chmod, link, mkdir, mkdtemp, open, readdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { isRefitError, sha256, type ErrorCode } from '@refit/contracts';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { artifactStoreContract } from '../contract/index.js';
import { folderArtifactStore } from './folder-artifact-store.js';

const refused = (code: ErrorCode) => (error: unknown) => isRefitError(error, code);
const newDirectory = () => mkdtemp(join(tmpdir(), 'refit-artifacts-'));

artifactStoreContract('the folder artifact store', async () => {
  const directory = await newDirectory();
  const store = await folderArtifactStore(directory);
  return {
    store,
    async damage(hash) {
      const path = await store.path(hash);
      const bytes = await readFile(path);
      bytes[0]! ^= 1;
      await chmod(path, 0o644);
      await writeFile(path, bytes);
    },
    close: () => rm(directory, { recursive: true }),
  };
});

describe('the folder artifact store', () => {
  let directory: string;
  beforeEach(async () => {
    directory = await newDirectory();
  });
  afterEach(async () => {
    vi.restoreAllMocks();
    await rm(directory, { recursive: true });
  });

  const temporaryFiles = () => readdir(join(directory, 'tmp'));

  it('keeps each artifact in a read-only file below two short folders', async () => {
    const store = await folderArtifactStore(directory);
    const hash = await store.put(Buffer.from('abc'));
    expect(await store.path(hash)).toBe(join(directory, 'ba', '78', hash));
    expect((await stat(await store.path(hash))).mode & 0o777).toBe(0o444);
    expect(await temporaryFiles()).toEqual([]);
  });

  it('finds what was stored before it was opened', async () => {
    const hash = await (await folderArtifactStore(directory)).put(Buffer.from('from an earlier life'));
    expect(await (await folderArtifactStore(directory)).has(hash)).toBe(true);
  });

  it('removes what a crashed writer has left half-written, and nothing that is being written', async () => {
    await mkdir(join(directory, 'tmp'), { recursive: true });
    const dead = spawnSync(process.execPath, ['-e', '']).pid; // has ended by now
    const host = hostname().replaceAll(/[^A-Za-z0-9-]/g, '_');
    const ofTheDead = `${host}.${dead}.another-process.1`;
    const ofAnEarlierSelf = `${host}.${process.pid}.another-process.1`;
    const ofTheLiving = `${host}.${process.ppid}.another-process.1`;
    const ofAnotherHost = 'elsewhere.1.another-process.1';
    const forgotten = 'elsewhere.1.another-process.2';
    for (const name of [ofTheDead, ofAnEarlierSelf, ofTheLiving, ofAnotherHost, forgotten]) await writeFile(join(directory, 'tmp', name), 'half');
    const twoDaysAgo = Date.now() / 1000 - 2 * 24 * 60 * 60;
    await utimes(join(directory, 'tmp', forgotten), twoDaysAgo, twoDaysAgo);
    await folderArtifactStore(directory);
    expect((await temporaryFiles()).sort()).toEqual([ofTheLiving, ofAnotherHost].sort());
  });

  it('does not disturb a write of this process when it is opened a second time', async () => {
    const store = await folderArtifactStore(directory);
    const bytes = randomBytes(20_000_000);
    const [hash] = await Promise.all([store.put(bytes), ...Array.from({ length: 5 }, () => folderArtifactStore(directory))]);
    expect(hash).toBe(sha256(bytes));
  });

  it('replaces a stored file that lost its end', async () => {
    const store = await folderArtifactStore(directory);
    const hash = await store.put(Buffer.from('whole and sound'));
    const path = await store.path(hash);
    await chmod(path, 0o644);
    await writeFile(path, 'whole');
    await store.put(Buffer.from('whole and sound'));
    expect(Buffer.from(await store.get(hash)).toString()).toBe('whole and sound');
  });

  it('copies a file that has a second name, so that nobody can write to the artifact through it', async () => {
    const store = await folderArtifactStore(directory);
    const [first, second] = [join(directory, 'first'), join(directory, 'second')];
    await writeFile(first, 'two names');
    await link(first, second);
    const { hash } = await store.putFile(first);
    await writeFile(second, 'written to');
    expect(Buffer.from(await store.get(hash)).toString()).toBe('two names');
  });

  it('says that the disk is full and leaves nothing half-written', async () => {
    const store = await folderArtifactStore(directory);
    await failWrites('ENOSPC');
    await expect(store.put(Buffer.from('no room for this'))).rejects.toSatisfy(refused('DISK_FULL'));
    expect(await store.has(sha256('no room for this'))).toBe(false);
    expect(await temporaryFiles()).toEqual([]);
    vi.restoreAllMocks();
    expect(await store.put(Buffer.from('no room for this'))).toBe(sha256('no room for this'));
  });

  it('keeps a file that could not be flushed to a full disk out of sight', async () => {
    const store = await folderArtifactStore(directory);
    const source = join(directory, 'source');
    await writeFile(source, 'to be taken over');
    await failWrites('EDQUOT');
    await expect(store.putFile(source)).rejects.toSatisfy(refused('DISK_FULL'));
    expect(await store.has(sha256('to be taken over'))).toBe(false);
    expect(await readFile(source, 'utf8')).toBe('to be taken over');
  });

  it('refuses a folder that it cannot write to', async () => {
    const notAFolder = join(directory, 'a-file');
    await writeFile(notAFolder, '');
    await expect(folderArtifactStore(notAFolder)).rejects.toSatisfy(refused('DATA_DIRECTORY_UNUSABLE'));
    await expect(folderArtifactStore(join(notAFolder, 'below'))).rejects.toSatisfy(refused('DATA_DIRECTORY_UNUSABLE'));
  });
});

/** Every file handle fails to write and to flush, after having written a part. */
async function failWrites(code: string) {
  const handle = await open(join(tmpdir()), 'r');
  const prototype: Awaited<ReturnType<typeof open>> = Object.getPrototypeOf(handle);
  await handle.close();
  const failure = Object.assign(new Error(`${code}: no space left on device`), { code });
  vi.spyOn(prototype, 'writeFile').mockImplementation(async function (this: typeof handle) {
    await this.write('beg');
    throw failure;
  });
  vi.spyOn(prototype, 'sync').mockRejectedValue(failure);
}
