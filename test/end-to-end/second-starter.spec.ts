import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { lockDataDirectory, takeInstanceName } from '@refit/service';

const main = resolve(import.meta.dirname, '../../tools/services/main.mjs');

/** `npm run services` on the project as it is built. */
const starter = (...args: readonly string[]) =>
  new Promise<{ readonly exitCode: number | null; readonly stderr: string }>((done) => {
    const child = execFile(process.execPath, ['--disable-warning=ExperimentalWarning', '--experimental-strip-types', main, ...args], { timeout: 15_000, env: { PATH: process.env['PATH'] } }, (_error, _stdout, stderr) => done({ exitCode: child.exitCode, stderr }));
  });

function newDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), 'refit-starter-'));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
}

describe('npm run services', () => {
  it('is refused on a data directory where another one is, and leaves that one alone', async () => {
    const directory = newDirectory();
    const lock = lockDataDirectory(directory, 'shared');
    const first = takeInstanceName(directory, 'starter');
    const { exitCode, stderr } = await starter('--data-dir', directory, '--kafka-brokers', '127.0.0.1:1');
    expect({ exitCode, stderr }).toEqual({ exitCode: 1, stderr: `error DATA_DIRECTORY_UNUSABLE: \`npm run services\` is running on ${directory} already: stop it, or choose another folder with --data-dir\n` });
    expect(readdirSync(join(directory, 'instances')).sort()).toEqual(expect.arrayContaining(['starter.id', 'starter.lock', 'starter.pid']));
    first.release();
    lock.release();
  });

  it('is refused where `refit up` is', async () => {
    const directory = newDirectory();
    const lock = lockDataDirectory(directory, 'exclusive');
    const { exitCode, stderr } = await starter('--data-dir', directory, '--kafka-brokers', '127.0.0.1:1');
    expect([exitCode, stderr]).toEqual([1, expect.stringContaining(`another Refit (process ${process.pid}) is using ${directory}`)]);
    lock.release();
  });

  it.each([['--instnces', 'Did you mean "--instances"?'], ['--exmaple=flights', 'Did you mean "--example"?'], ['--instances=0', 'expected a number from 1 to 99']])('%s is bad usage', async (flag, hint) => {
    expect(await starter(flag)).toEqual({ exitCode: 64, stderr: expect.stringContaining(hint) });
  });
});
