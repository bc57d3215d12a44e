import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isRefitError } from '@refit/contracts';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findAddresses, type AddressOptions } from './find-addresses.js';
import { profilesFile } from './profiles.js';

let home = '';
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'refit-profiles-'));
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

function profiles(text: string): void {
  mkdirSync(join(home, 'refit'), { recursive: true });
  writeFileSync(join(home, 'refit', 'profiles.yaml'), text);
}

const find = (options: AddressOptions = {}, env: Record<string, string> = {}) => findAddresses(options, { XDG_CONFIG_HOME: home, ...env });

function fault(work: () => unknown): readonly string[] {
  try {
    work();
  } catch (error) {
    if (isRefitError(error)) return [`${error.code}: ${error.message}`, ...error.details.map(({ line, column, message }) => `${line}:${column} ${message}`)];
    throw error;
  }
  return [];
}

describe('whom commands ask', () => {
  it('is refit up, when nothing is said', () => {
    expect(find()).toEqual({ admin: { address: '127.0.0.1:7410', from: 'the default' }, registry: { address: '127.0.0.1:7410', from: 'the default' }, validation: { address: '127.0.0.1:7410', from: 'the default' } });
  });

  it('is what the strongest place says, for each service by itself', () => {
    profiles('use: used\nprofiles:\n  used: {admin: "used:1", registry: "used:2"}\n  flag: {admin: "profile-flag:1", registry: "profile-flag:2"}\n  env: {server: "profile-env:1"}\n');
    /** From the strongest on: what it takes to say it, and the address that each service then has. */
    const places = [
      { admin: '--admin', registry: '--registry' }, { both: '--server' }, { both: '--profile' },
      { admin: 'REFIT_ADMIN', registry: 'REFIT_REGISTRY' }, { both: 'REFIT_SERVER' }, { both: 'REFIT_PROFILE' },
    ];
    const names = places.flatMap((place) => ('both' in place ? [place.both] : [place.admin, place.registry]));
    const inProfile = (name: string, service: string) => (name === 'env' ? 'profile-env:1' : `${name === 'flag' ? 'profile-flag' : 'used'}:${service === 'admin' ? 1 : 2}`);
    const itself = (name: string) => (name.startsWith('--') ? `${name.slice(2)}-flag:1` : `${name.toLowerCase().replaceAll('_', '-')}:1`);
    const addressBy = (name: string | undefined, service: string) => (name === undefined ? inProfile('used', service) : name === '--profile' ? inProfile('flag', service) : name === 'REFIT_PROFILE' ? inProfile('env', service) : itself(name));
    fc.assert(
      fc.property(fc.subarray(names as string[]), (given) => {
        const [options, env]: [Record<string, string>, Record<string, string>] = [{}, {}];
        for (const name of given) {
          if (name.startsWith('--')) options[name.slice(2)] = name === '--profile' ? 'flag' : itself(name);
          else env[name] = name === 'REFIT_PROFILE' ? 'env' : itself(name);
        }
        const found = find(options, env);
        for (const service of ['admin', 'registry'] as const) {
          const strongest = places.map((place) => ('both' in place ? place.both : place[service])).find((name) => given.includes(name!));
          expect(found[service].from).toContain(strongest ?? 'profile used');
          expect(found[service].address).toBe(addressBy(strongest, service));
        }
      }),
    );
  });

  it('is admin for what the data gate found, unless something says where that is', () => {
    profiles('use: used\nprofiles:\n  used: {admin: "used:1", registry: "used:2", validation: "used:3"}\n  few: {admin: "few:1", registry: "few:2"}\n');
    expect(find().validation.address).toBe('used:3');
    expect(find({ profile: 'few' }).validation.address).toBe('few:1');
    expect(find({ admin: 'a:1' }).validation.address).toBe('a:1');
    expect(find({ admin: 'a:1', validation: 'v:1' }).validation).toEqual({ address: 'v:1', from: '--validation' });
  });
  it('needs no profiles where addresses are given, however broken they are', () => {
    profiles('not: [a profile');
    expect(find({ server: 'a:1' }).registry.address).toBe('a:1');
    expect(find({}, { REFIT_ADMIN: 'a:1', REFIT_REGISTRY: 'b:1' }).admin.address).toBe('a:1');
    expect(fault(() => find({ admin: 'a:1' }))[0]).toMatch(/^CONFIG_INVALID: the profiles in .* cannot be read/);
  });

  it('is not guessed from a variable that is no address', () => {
    expect(fault(() => find({}, { REFIT_REGISTRY: 'http://h:1' }))).toEqual(['REQUEST_INVALID: REFIT_REGISTRY: expected HOST:PORT, such as 127.0.0.1:7410; found "http://h:1"']);
    expect(find({}, { REFIT_SERVER: '' }).admin.from).toBe('the default');
  });

  it('is not guessed from a profile that is not there', () => {
    profiles('profiles: {staging: {server: "s:1"}}');
    expect(fault(() => find({ profile: 'stagin' }))[0]).toMatch(/^PROFILE_NOT_FOUND: there is no profile "stagin" in .*Did you mean "staging"\? There is: staging; make one with/);
    expect(fault(() => find({}, { REFIT_PROFILE: 'x' }))[0]).toMatch(/^PROFILE_NOT_FOUND/);
  });
});

describe('a file of profiles', () => {
  it.each([
    ['- a', '1:1 expected "profiles", a mapping of names; found a list of 1'],
    ['profile: {}', '1:1 profile: unknown key. Did you mean "profiles"? Known here: use, profiles'],
    ['profiles: x', '1:11 profiles: expected a mapping of names; found "x"'],
    ['profiles:\n  a: x:1', '2:6 profiles.a: expected a mapping of admin and registry, or of server; found "x:1"'],
    ['profiles:\n  a: {admin: x:1}', '2:3 profiles.a: expected both admin and registry, or server'],
    ['profiles:\n  a: {admin: x, registry: y:1}', '2:14 profiles.a.admin: expected HOST:PORT; found "x"'],
    ['profiles:\n  a: {sever: x:1}', '2:7 profiles.a.sever: unknown key. Did you mean "server"? Known here: server, admin, registry, validation'],
    ['use: other\nprofiles:\n  a: {server: x:1}', '1:6 use: there is no such profile.'],
  ])('%j is refused with its place', (text, message) => {
    profiles(text);
    expect(fault(() => find()).slice(1)).toEqual([message]);
  });
  it('is in the configuration folder of the user, whom a relative XDG_CONFIG_HOME does not lead astray', () => {
    expect(profilesFile({ XDG_CONFIG_HOME: '/x' })).toBe('/x/refit/profiles.yaml');
    expect(profilesFile({ XDG_CONFIG_HOME: 'x' })).toMatch(/^\/.*\.config\/refit\/profiles\.yaml$/);
  });
});
