import { RefitError } from '@refit/contracts';
import { findAddresses, type AddressOptions } from '../address/find-addresses.js';
import { changeProfiles, profileNamed, readProfiles, type Profile } from '../address/profiles.js';
import { exitCodes, type ExitCode } from '../exit-codes.js';
import { facts, table } from '../render/table.js';
import type { Terminal } from '../terminal.js';

export interface ProfileOptions {
  readonly json?: boolean;
}

/** `refit profile list` */
export function listProfiles(terminal: Terminal, { json }: ProfileOptions): ExitCode {
  const { file, profiles, inUse } = readProfiles(process.env);
  const rows = [...profiles].map(([name, addresses]) => ({ name, ...addresses, inUse: name === inUse }));
  if (json) terminal.print(JSON.stringify({ file, profiles: rows }));
  else if (rows.length === 0) terminal.print(terminal.style.dim(`No profiles in ${file}; make one with refit profile set NAME --server HOST:PORT`));
  else terminal.print(table([{ title: '' }, { title: 'profile' }, { title: 'admin' }, { title: 'registry' }, { title: 'validation' }], rows.map((row) => [row.inUse ? terminal.style.green('*') : '', terminal.style.bold(row.name), row.admin, row.registry, row.validation ?? row.admin]), terminal.style));
  return exitCodes.done;
}

/** `refit profile show [NAME]`: one profile, or whom commands ask now and why. */
export function showProfile(terminal: Terminal, name: string | undefined, { json, ...options }: ProfileOptions & AddressOptions): ExitCode {
  const { admin, registry, validation } = name === undefined ? findAddresses(options, process.env) : ofProfile(profileNamed(readProfiles(process.env), name));
  if (json) {
    terminal.print(JSON.stringify({ ...(name !== undefined && { name }), admin, registry, validation }));
    return exitCodes.done;
  }
  const line = ({ address, from }: { address: string; from?: string }) => (from === undefined ? address : `${address}  ${terminal.style.dim(from)}`);
  terminal.print(facts([['admin', line(admin)], ['registry', line(registry)], ['validation', line(validation)]], terminal.style));
  return exitCodes.done;
}

const ofProfile = ({ admin, registry, validation = admin }: Profile) => ({ admin: { address: admin }, registry: { address: registry }, validation: { address: validation } });

/** `refit profile set NAME`: makes a profile, or changes the addresses that are given. */
export function setProfile(terminal: Terminal, name: string, { json, server, admin = server, registry = server, validation = server }: ProfileOptions & AddressOptions): ExitCode {
  const { file, profiles } = readProfiles(process.env);
  const before = profiles.get(name);
  const profile = { admin: admin ?? before?.admin, registry: registry ?? before?.registry, ...given(validation ?? before?.validation) };
  if (profile.admin === undefined || profile.registry === undefined) throw new RefitError('REQUEST_INVALID', `a profile has the addresses of the services: give --admin and --registry, or --server where they are one; --validation, where it is not beside admin`);
  changeProfiles(file, [[['profiles', name], isOne(profile) ? { server: profile.admin } : profile]]);
  tell(terminal, json, { name, ...profile }, `${terminal.style.green('✓')} profile ${terminal.style.bold(name)} ${before ? 'changed' : 'made'}  ${terminal.style.dim(`admin ${profile.admin}, registry ${profile.registry}${profile.validation === undefined ? '' : `, validation ${profile.validation}`}`)}`);
  return exitCodes.done;
}

const given = (validation: string | undefined) => (validation === undefined ? {} : { validation });

const isOne = ({ admin, registry, validation = admin }: { readonly admin?: string | undefined; readonly registry?: string | undefined; readonly validation?: string | undefined }) => admin === registry && admin === validation;

/** `refit profile remove NAME` */
export function removeProfile(terminal: Terminal, name: string, { json }: ProfileOptions): ExitCode {
  const known = readProfiles(process.env);
  profileNamed(known, name, ''); // who wants it away wants no new one
  changeProfiles(known.file, [[['profiles', name], undefined], ...(known.inUse === name ? [[['use'], undefined] as const] : [])]);
  tell(terminal, json, { name, removed: true }, `${terminal.style.green('✓')} profile ${terminal.style.bold(name)} removed`);
  return exitCodes.done;
}

/** `refit profile use [NAME]`: the profile that is taken when nothing else is said; without a name none. */
export function useProfile(terminal: Terminal, name: string | undefined, { json }: ProfileOptions): ExitCode {
  const known = readProfiles(process.env);
  if (name !== undefined) profileNamed(known, name);
  changeProfiles(known.file, [[['use'], name]]);
  tell(terminal, json, { inUse: name ?? null }, name === undefined ? `${terminal.style.green('✓')} no profile is in use` : `${terminal.style.green('✓')} profile ${terminal.style.bold(name)} is in use`);
  return exitCodes.done;
}

const tell = (terminal: Terminal, json: boolean | undefined, data: object, text: string) => terminal.print(json ? JSON.stringify(data) : text);
