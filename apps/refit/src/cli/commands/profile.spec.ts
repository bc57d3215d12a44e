import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { startTestServer, type TestHandlers } from '../../client/testing/test-server.js';
import { runProgram } from '../program.js';
import { testTerminal } from '../testing/test-terminal.js';

let home = '';
const stops: (() => void)[] = [];
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'refit-profiles-'));
  vi.stubEnv('XDG_CONFIG_HOME', home);
  for (const name of ['REFIT_SERVER', 'REFIT_ADMIN', 'REFIT_REGISTRY', 'REFIT_PROFILE']) vi.stubEnv(name, '');
});
afterEach(() => {
  for (const stop of stops.splice(0)) stop();
  vi.unstubAllEnvs();
  rmSync(home, { recursive: true, force: true });
});

async function refit(line: string) {
  const terminal = testTerminal();
  const code = await runProgram(line.split(' '), terminal);
  return { code, output: terminal.output, errors: terminal.errors };
}

async function server(handlers: TestHandlers): Promise<string> {
  const started = await startTestServer(handlers);
  stops.push(() => started.stop());
  return started.address;
}

describe('refit profile', () => {
  it('makes, shows, uses, lists and removes', async () => {
    expect((await refit('profile set staging --admin s:1 --registry s:2')).output).toEqual(['✓ profile staging made  admin s:1, registry s:2']);
    expect((await refit('profile set local --server l:1')).code).toBe(0);
    expect((await refit('profile set staging --registry s:3')).output).toEqual(['✓ profile staging changed  admin s:1, registry s:3']);
    expect((await refit('profile use staging')).output).toEqual(['✓ profile staging is in use']);
    expect((await refit('profile')).output).toEqual(['   PROFILE  ADMIN  REGISTRY  VALIDATION', '*  staging  s:1    s:3       s:1', '   local    l:1    l:1       l:1']);
    expect((await refit('profile show')).output).toEqual(['  admin       s:1  profile staging', '  registry    s:3  profile staging', '  validation  s:1  profile staging']);
    expect((await refit('profile show --admin x:1')).output).toEqual(['  admin       x:1  --admin', '  registry    s:3  profile staging', '  validation  x:1  --admin']);
    expect((await refit('profile show local --json')).output).toEqual([JSON.stringify({ name: 'local', admin: { address: 'l:1' }, registry: { address: 'l:1' }, validation: { address: 'l:1' } })]);
    expect((await refit('profile remove staging')).code).toBe(0);
    expect(readFileSync(join(home, 'refit', 'profiles.yaml'), 'utf8')).toBe('profiles:\n  local:\n    server: l:1\n');
    expect((await refit('profile show')).output[0]).toContain('the default');
  });
  it('leaves what somebody wrote beside it', async () => {
    await refit('profile set a --server a:1');
    writeFileSync(join(home, 'refit', 'profiles.yaml'), '# ours\nprofiles:\n  a: { server: a:1 } # the old one\n');
    await refit('profile use a');
    expect(readFileSync(join(home, 'refit', 'profiles.yaml'), 'utf8')).toBe('# ours\nprofiles:\n  a: { server: a:1 } # the old one\nuse: a\n');
    await refit('profile use');
    expect(readFileSync(join(home, 'refit', 'profiles.yaml'), 'utf8')).not.toContain('use');
  });
  it('does not propose to make what is to be removed', async () => {
    await refit('profile set staging --server s:1');
    expect((await refit('profile remove stagin')).errors[0]).toMatch(/Did you mean "staging"\? There is: staging$/);
  });
  it.each([['profile set a --admin a:1', 1, 'give --admin and --registry, or --server'], ['profile set a/b --server a:1', 64, 'letters, digits'], ['profile set a --server a', 64, 'HOST:PORT'], ['profile use none', 1, 'PROFILE_NOT_FOUND'], ['profile use none', 1, 'make one with refit profile set none'], ['profile remove none', 1, 'PROFILE_NOT_FOUND']])('%s is refused', async (line, code, hint) => {
    const refused = await refit(line);
    expect(refused.code).toBe(code);
    expect(refused.errors.join('\n')).toContain(hint);
  });
});

describe('services that are processes of their own', () => {
  it('are each asked at their own address', async () => {
    const [admin, registry] = [await server({ listRuns: () => ({}) }), await server({ listModels: () => ({}) })];
    expect((await refit(`runs --json --admin ${admin} --registry ${registry}`)).code).toBe(0);
    expect((await refit(`models --json --admin ${admin} --registry ${registry}`)).code).toBe(0);
    await refit(`profile set split --admin ${admin} --registry ${registry}`);
    expect((await refit('models --json --profile split')).code).toBe(0);
    expect((await refit(`models --server ${admin}`)).errors[0]).toContain('--registry HOST:PORT names the one that has it');
  });
  it('are named with what gave their address, when they do not answer', async () => {
    await refit('profile set gone --admin 127.0.0.1:1 --registry 127.0.0.1:2');
    await refit('profile use gone');
    expect((await refit('runs')).errors[0]).toContain('no Refit server answers at 127.0.0.1:1 (profile gone)');
    expect((await refit('models')).errors[0]).toContain('no Refit server answers at 127.0.0.1:2 (profile gone)');
    expect((await refit('models --registry 127.0.0.1:3')).errors[0]).toContain('127.0.0.1:3 (--registry)');
  });
});
