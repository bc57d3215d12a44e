import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { RefitError } from '@refit/contracts';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { fileLog } from './process-log.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'refit-log-'));
});
afterEach(() => {
  vi.restoreAllMocks();
  rmSync(folder, { recursive: true });
});

it('appends lines of JSON to the file', async () => {
  const file = join(folder, 'refit.log');
  fileLog(file).logger.warn({ step: 'train' }, 'slow');
  await expect.poll(() => readFileSync(file, 'utf8')).toContain('"msg":"slow"');
  fileLog(file).logger.warn('again');
  await expect.poll(() => readFileSync(file, 'utf8').trim().split('\n')).toHaveLength(2);
});

it('says what is in the way of the file', () => {
  expect(() => fileLog(folder)).toThrow(/the log .* cannot be written \(EISDIR\)/);
});

it.skipIf(!existsSync('/dev/full'))('says once that the disk is full, and stops nothing (on systems with /dev/full)', async () => {
  const said = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
  const { logger } = fileLog('/dev/full');
  logger.warn('first');
  await expect.poll(() => said.mock.calls).toEqual([['the log /dev/full cannot be written (ENOSPC); Refit goes on without it until it can\n']]);
  logger.warn('second');
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(said).toHaveBeenCalledTimes(1);
});

it('says the message of an error once, whatever caused it', async () => {
  const file = join(folder, 'refit.log');
  const error = new RefitError('DISK_FULL', 'the disk is full', { cause: new Error('database or disk is full') });
  fileLog(file).logger.warn({ err: error }, 'not written');
  await expect.poll(() => readFileSync(file, 'utf8')).toContain('"message":"the disk is full",');
});
