import { randomBytes } from 'node:crypto';
import { lstat, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isRefitError, sha256, type ErrorCode } from '@refit/contracts';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ArtifactStore } from '../artifact-store.js';

export interface StoreUnderTest {
  readonly store: ArtifactStore;
  /** Changes a byte of what is stored, behind the store's back. */
  damage(hash: string): Promise<void>;
  close(): Promise<void>;
}

const refused = (code: ErrorCode) => (error: unknown) => isRefitError(error, code);
const absent = sha256('this was never stored');

/** What every artifact store must do. `open` gives a fresh one. */
export function artifactStoreContract(name: string, open: () => Promise<StoreUnderTest>): void {
  describe(`${name} keeps the artifact store contract`, () => {
    let store: ArtifactStore;
    let underTest: StoreUnderTest;
    let outside: string;

    beforeEach(async () => {
      underTest = await open();
      store = underTest.store;
      outside = await mkdtemp(join(tmpdir(), 'refit-artifact-sources-'));
    });
    afterEach(async () => {
      await underTest.close();
      await rm(outside, { recursive: true });
    });

    const sourceFile = async (bytes: Uint8Array | string) => {
      const path = join(outside, `source-${randomBytes(4).toString('hex')}`);
      await writeFile(path, bytes);
      return path;
    };

    it.each([
      // FIPS 180-2, appendix B.1, and the well-known digest of nothing.
      ['abc', 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad'],
      ['', 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'],
    ])('names %j by its SHA-256 and gives it back', async (text, hash) => {
      expect(await store.put(Buffer.from(text))).toBe(hash);
      expect(Buffer.from(await store.get(hash)).toString()).toBe(text);
      expect(await store.has(hash)).toBe(true);
    });

    it('keeps large artifacts byte for byte', async () => {
      const bytes = randomBytes(9 * 1024 * 1024 + 1);
      const hash = await store.put(bytes);
      expect(hash).toBe(sha256(bytes));
      expect(Buffer.from(await store.get(hash)).equals(bytes)).toBe(true);
    });

    it('deletes what nobody names any more, and takes it again', async () => {
      const hash = await store.put(Buffer.from('not needed'));
      await store.remove(hash);
      await store.remove(hash);
      expect(await store.has(hash)).toBe(false);
      await expect(store.get(hash)).rejects.toSatisfy(refused('ARTIFACT_NOT_FOUND'));
      await store.put(Buffer.from('not needed'));
      expect(await store.has(hash)).toBe(true);
    });

    it('stores the same bytes once, also when they come at the same time', async () => {
      const bytes = randomBytes(100_000);
      const hashes = await Promise.all(Array.from({ length: 20 }, () => store.put(bytes)));
      expect(new Set(hashes)).toEqual(new Set([sha256(bytes)]));
      expect(await store.put(bytes)).toBe(sha256(bytes));
      expect(Buffer.from(await store.get(sha256(bytes))).equals(bytes)).toBe(true);
    });

    it('stores equal JSON values under one hash, whatever the order of their keys', async () => {
      const hash = await store.putJson({ b: [1, 2.5, null], a: { y: 'é', x: true } });
      expect(await store.putJson({ a: { x: true, y: 'é' }, b: [1, 2.5, null] })).toBe(hash);
      expect(await store.getJson(hash)).toEqual({ a: { x: true, y: 'é' }, b: [1, 2.5, null] });
      expect(Buffer.from(await store.get(hash)).toString()).toBe('{"a":{"x":true,"y":"é"},"b":[1,2.5,null]}');
    });

    it('refuses to read as JSON what is none', async () => {
      const hash = await store.put(Buffer.from('not { JSON'));
      await expect(store.getJson(hash)).rejects.toSatisfy(refused('ARTIFACT_CORRUPT'));
    });

    it('takes over a file, which is gone then', async () => {
      const bytes = randomBytes(3_000_000);
      const path = await sourceFile(bytes);
      expect(await store.putFile(path)).toEqual({ hash: sha256(bytes), bytes: 3_000_000 });
      expect((await readFile(await store.path(sha256(bytes)))).equals(bytes)).toBe(true);
      await expect(lstat(path)).rejects.toThrow('ENOENT');
    });

    it('takes over a file whose bytes it has already', async () => {
      const hash = await store.put(Buffer.from('twice'));
      const path = await sourceFile('twice');
      expect(await store.putFile(path)).toEqual({ hash, bytes: 5 });
      await expect(lstat(path)).rejects.toThrow('ENOENT');
    });

    it('takes over many files with the same bytes at once', async () => {
      const paths = await Promise.all(Array.from({ length: 10 }, () => sourceFile('the same')));
      const stored = await Promise.all(paths.map((path) => store.putFile(path)));
      expect(new Set(stored.map(({ hash }) => hash))).toEqual(new Set([sha256('the same')]));
      expect(Buffer.from(await store.get(sha256('the same'))).toString()).toBe('the same');
    });

    it('stores the bytes that a link points to, and leaves those where they are', async () => {
      const target = await sourceFile('behind a link');
      const link = join(outside, 'link');
      await symlink(target, link);
      const { hash } = await store.putFile(link);
      await writeFile(target, 'changed afterwards');
      expect(Buffer.from(await store.get(hash)).toString()).toBe('behind a link');
    });

    it('refuses a file that is not there and a folder', async () => {
      await expect(store.putFile(join(outside, 'missing'))).rejects.toSatisfy(refused('DATA_FILE_NOT_FOUND'));
      await mkdir(join(outside, 'folder'));
      await expect(store.putFile(join(outside, 'folder'))).rejects.toSatisfy(refused('DATA_FILE_UNREADABLE'));
    });

    it('says that an artifact is not there', async () => {
      expect(await store.has(absent)).toBe(false);
      await expect(store.get(absent)).rejects.toSatisfy(refused('ARTIFACT_NOT_FOUND'));
      await expect(store.getJson(absent)).rejects.toSatisfy(refused('ARTIFACT_NOT_FOUND'));
      await expect(store.path(absent)).rejects.toSatisfy(refused('ARTIFACT_NOT_FOUND'));
    });

    it('notices that stored bytes have changed', async () => {
      const hash = await store.put(Buffer.from('some numbers: 1, 2, 3'));
      await underTest.damage(hash);
      await expect(store.get(hash)).rejects.toSatisfy(refused('ARTIFACT_CORRUPT'));
    });

    it.each(['', '..', '../../etc/passwd', absent.toUpperCase(), absent.slice(1), `${absent}0`, `${absent}/..`, `../${absent.slice(3)}`, `${absent}\n`])(
      'refuses %j as a hash',
      async (hash) => {
        for (const ask of [() => store.get(hash), () => store.getJson(hash), () => store.path(hash), () => store.has(hash)]) {
          await expect(ask()).rejects.toSatisfy(refused('REQUEST_INVALID'));
        }
      },
    );
  });
}
