import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { runProgram } from '../program.js';
import { testTerminal } from '../testing/test-terminal.js';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'refit-check-'));
  for (const name of Object.keys(process.env).filter((name) => name.startsWith('REFIT_'))) vi.stubEnv(name, undefined);
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true, force: true });
});

async function check(yaml: string, ...args: readonly string[]) {
  const file = join(folder, 'refit.config.yaml');
  writeFileSync(file, yaml);
  const terminal = testTerminal();
  const code = await runProgram(['config', 'check', '--config', file, ...args], terminal);
  return { code, file, lines: terminal.output, text: terminal.output.join('\n'), json: () => JSON.parse(terminal.output.join('\n')) };
}

describe('refit config check', () => {
  it('shows every value and where it comes from, without secrets', async () => {
    vi.stubEnv('REFIT_KAFKA_SASL_PASSWORD', 'hunter2');
    const { code, text } = await check('bus: {kind: kafka}\nkafka:\n  brokers: [k:9092]\n  sasl: {mechanism: plain, username: u}\nstore: {kind: kurrentdb, url: "kurrentdb://u:hunter2@h"}\n', '--log-level', 'debug');
    expect(code).toBe(0);
    for (const row of [/kafka\.brokers +k:9092 +\S*refit\.config\.yaml:3:12/, /kafka\.sasl\.password +••• +REFIT_KAFKA_SASL_PASSWORD\n/, /store\.url +kurrentdb:\/\/•••@h/, /logLevel +debug +--log-level/, /slots +1 +default/, /✓ nothing is wrong$/]) expect(text).toMatch(row);
    expect(text).not.toContain('hunter2');
  });
  it('lists all that is wrong, variables that nothing reads too', async () => {
    vi.stubEnv('REFIT_KAFKA_BROKRS', 'k:1');
    const { code, lines, file } = await check('bus: {kind: kafka}\nlogLevel: loud\n');
    expect(code).toBe(1);
    expect(lines.slice(-4)).toEqual([
      '2 things are wrong, and one is probably not meant:',
      '! REFIT_KAFKA_BROKRS: unknown variable; nothing reads it. Did you mean "REFIT_KAFKA_BROKERS"?',
      `✗ ${file}:1:13  bus.kind: kafka needs \`kafka.brokers\`, such as 127.0.0.1:9092`,
      `✗ ${file}:2:11  logLevel: expected one of trace, debug, info, warn, error, fatal, silent; found "loud".`,
    ]);
  });
  it('does not count as wrong what is only doubtful', async () => {
    vi.stubEnv('REFIT_KAFKA_BROKRS', 'k:1');
    const { code, lines } = await check('services: {registry: {httpPort: 7405}}');
    expect([code, lines.at(-3)]).toEqual([0, 'Nothing is wrong, but 2 things are probably not meant:']);
    expect(lines.at(-1)).toMatch(/^! .*services\.registry\.httpPort: services\.evaluation\.httpPort is 7405 too/);
  });
  it('shows no defaults beside a file that cannot be read, and blames nothing that may stand in it', async () => {
    vi.stubEnv('REFIT_KAFKA_BROKERS', 'k:1');
    const { code, lines, file } = await check('bus: {kind: kafka');
    expect(code).toBe(1);
    expect(lines).toEqual([`configuration file ${file}`, '', 'One thing is wrong:', expect.stringMatching(/^✗ .*:1:\d+ {2}Flow map/)]);
  });
  it('is JSON for programs, with the same masks', async () => {
    vi.stubEnv('REFIT_STORE_PASSWORD', 'hunter2');
    const { code, json, text } = await check('store: {kind: kurrentdb, url: "kurrentdb://h", username: u}', '--json');
    expect(code).toBe(0);
    expect(text).not.toContain('hunter2');
    expect(json()).toMatchObject({ ok: true, problems: [], file: join(folder, 'refit.config.yaml') });
    expect(json().settings.find(({ path }: { path: string }) => path === 'store.password')).toMatchObject({ value: '•••', from: 'REFIT_STORE_PASSWORD', flag: '--store-password', valid: true });
  });
  it('has the ports of one service', async () => {
    const { text } = await check('bus: {kind: kafka}\nkafka: {brokers: ["k:1"]}\nservices: {registry: {grpcPort: 9}}', '--service', 'registry');
    expect(text).toMatch(/grpcPort +9 +\S*:3:33/);
    expect(text).toMatch(/httpPort +7401 +default/);
  });
  it.each([['--service', 'tranining'], ['--slot', '1'], ['extra'], ['--slots', 'x']])('%s %s is bad usage', async (...args) => {
    expect((await check('', ...args)).code).toBe(64);
  });
  it('says what it found, with --connect', async () => {
    const listener = createServer((socket) => socket.end());
    await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve));
    const { port } = listener.address() as AddressInfo; // of a listening TCP server
    const data = join(folder, 'state');
    mkdirSync(data);
    writeFileSync(join(data, 'events.sqlite'), 'this is no database, but long enough to be read as one; '.repeat(20));
    const { code, text } = await check(`dataDirectory: ${data}\nbus: {kind: kafka}\nkafka: {brokers: ["127.0.0.1:${port}", "127.0.0.1:1"]}`, '--connect');
    listener.close();
    expect(code).toBe(1);
    expect(text).not.toContain('nothing is wrong');
    expect(text).toMatch(/✗ the settings are in order, but what they name is not: event store, Kafka$/);
    for (const line of [`✓ data directory  ${data} can be written`, '✗ event store  ', 'cannot be read as a SQLite file (file is not a database)', '✗ Kafka']) expect(text).toContain(line);
  });
  it('finds a new installation all right', async () => {
    const { code, json } = await check(`dataDirectory: ${join(folder, 'a', 'b')}`, '--connect', '--json');
    expect({ code, found: json().found.map(({ what, ok }: { what: string; ok: boolean }) => [what, ok]) }).toEqual({ code: 0, found: [['data directory', true], ['event store', true]] });
  });
  it('tries nothing while the configuration is wrong', async () => {
    expect((await check('slots: 0', '--connect')).lines.at(-1)).toBe('Nothing was tried to be reached: mend this first.');
  });
});
