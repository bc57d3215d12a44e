import { chmodSync, existsSync, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { refusal } from '../../support/refusal.ts';
import { refit, RefitProcess } from '../../support/refit-process.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const { folder, path, write } = temporaryFolder('starting');
let running: RefitProcess;
beforeAll(async () => {
  running = await RefitProcess.start(folder);
}, 60_000);
afterAll(() => running.stop());

const portOf = (address: string) => /\d+$/.exec(address)?.[0] ?? '';
/** A folder with another one where a file is needed. */
function inTheWay(name: string, file: string): string {
  mkdirSync(path(name, file), { recursive: true });
  return path(name);
}
const up = (...options: readonly string[]) => refit(['up', '--port', '0', '--grpc-port', '0', ...options]);

describe('a port that is taken', { timeout: 60_000 }, () => {
  it('for gRPC is told, with what to do, and the process ends', async () => {
    expect(await up('--data-dir', path('grpc'), '--grpc-port', portOf(running.grpc))).toEqual(
      refusal('PORT_TAKEN', /gRPC cannot listen on 127\.0\.0\.1:\d+: is another Refit running there\? Choose another with --grpc-port/));
  });

  it('for HTTP is told the same way, to programs as JSON', async () => {
    const { exitCode, stdout, stderr } = await up('--json', '--data-dir', path('http'), '--port', portOf(running.http));
    expect({ exitCode, stderr, answer: JSON.parse(stdout) }).toEqual({
      exitCode: 1, stderr: '', answer: { error: { code: 'PORT_TAKEN', message: expect.stringMatching(/HTTP cannot listen on 127\.0\.0\.1:\d+ \(EADDRINUSE\): .* Choose another with --port/), details: [] } },
    });
  });
});

describe('a data directory', { timeout: 60_000 }, () => {
  it('that another Refit uses is refused with its process, which goes on unharmed', async () => {
    expect(await up('--data-dir', path('state'))).toEqual(refusal('DATA_DIRECTORY_UNUSABLE', new RegExp(`another Refit \\(process ${running.pid}\\) is using .*state: stop it, or choose another folder with --data-dir`)));
    expect(await running.command('runs')).toMatchObject({ exitCode: 0 });
  });

  it.each<readonly [string, () => string, RegExp]>([
    ['is a file', () => write('a-file', ''), /a-file cannot be a folder, since .*a-file is a file: choose another with --data-dir/],
    ['lies below a file', () => `${write('b-file', '')}/deep/state`, /deep\/state cannot be a folder, since .*b-file is a file/],
    ['cannot be made', () => '/proc/refit/state', /cannot write to the data directory \/proc\/refit\/state \(E\w+\): make it writable, or choose another with --data-dir/],
    ['has a folder in the place of its log', () => inTheWay('c', 'refit.log'), /the log .*refit\.log cannot be written \(EISDIR\)/],
    ['has a folder in the place of its lock', () => inTheWay('d', 'owner.lock'), /owner\.lock, which tells who uses the data directory, cannot be opened/],
    ['has a file in the place of its artifacts', () => dirname(write('e/artifacts', '')), /Artifacts cannot be written to .*e\/artifacts \(ENOTDIR\): check that it is a folder/],
    ['has a file in the place of its read models', () => dirname(write('f/projections', '')), /cannot be kept in .*f\/projections\/[\w-]+\.sqlite: .*Check the disk and who may write there/],
  ])('that %s is refused, with what is in the way', async (_name, prepare, telling) => {
    expect(await up('--data-dir', prepare())).toEqual(refusal('DATA_DIRECTORY_UNUSABLE', telling));
  });

  it.skipIf(process.getuid?.() === 0)('that may only be read is refused (not as root, whom permissions do not bind)', async () => {
    mkdirSync(path('read-only'));
    chmodSync(path('read-only'), 0o555);
    expect(await up('--data-dir', path('read-only'))).toEqual(refusal('DATA_DIRECTORY_UNUSABLE', /cannot write to the data directory .*read-only \(EACCES\): make it writable/));
  });
});

it('an address that other machines can reach is refused before anything is opened', async () => {
  expect(await up('--data-dir', path('reachable'), '--host', '0.0.0.0')).toEqual(refusal('ADDRESS_NOT_ALLOWED', /listens on this machine only .*; 0\.0\.0\.0 is refused/));
  expect(existsSync(path('reachable'))).toBe(false);
});
