import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { runProgram } from '../program.js';
import { testTerminal } from '../testing/test-terminal.js';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'refit-up-'));
  for (const name of Object.keys(process.env).filter((name) => name.startsWith('REFIT_'))) vi.stubEnv(name, undefined);
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true, force: true });
});

describe('refit up', () => {
  it.each([['--kafka-broker k:1', '--kafka-broker: unknown flag. Did you mean "--kafka-brokers"?'], ['--exmaple flights', '--exmaple: unknown flag. Did you mean "--example"?'], ['--port x', '--port: expected a port, 0 to 65535; found "x".'], ['now', 'now: unexpected']])('%s is bad usage', async (args, hint) => {
    const terminal = testTerminal();
    expect(await runProgram(['up', ...args.split(' ')], terminal)).toBe(64);
    expect(terminal.errors.join('\n')).toContain(hint);
  });
  it('refuses a configuration that is wrong, with every place', async () => {
    const file = join(folder, 'a.yaml');
    writeFileSync(file, 'host: 0.0.0.0\nslots: 0\n');
    const terminal = testTerminal();
    expect(await runProgram(['up', '--config', file], terminal)).toBe(1);
    expect(terminal.errors).toEqual([expect.stringContaining('error CONFIG_INVALID: the configuration'), expect.stringContaining(`${file}:1:7  host: Refit listens on this machine only`), expect.stringContaining(`${file}:2:8  slots: `)]);
  });
});

describe('refit reset', () => {
  it('deletes what is configured', async () => {
    vi.stubEnv('REFIT_DATA_DIR', join(folder, 'none'));
    const terminal = testTerminal();
    expect(await runProgram(['reset', '--yes'], terminal)).toBe(0);
    expect(terminal.output).toEqual([`There is nothing to delete: ${join(folder, 'none')} does not exist.`]);
  });
});
