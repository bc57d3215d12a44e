import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, isAbsolute, join } from 'node:path';
import { didYouMean, pathText, readYaml, RefitError, shown, type ErrorDetail, type Fault } from '@refit/contracts';
import { parseDocument } from 'yaml';
import { isAddress } from './address-text.js';

/** The addresses of one installation, under a name. */
export interface Profile {
  readonly admin: string;
  readonly registry: string;
  readonly validation?: string;
}

export interface Profiles {
  /** Absolute; it need not exist. */
  readonly file: string;
  readonly profiles: ReadonlyMap<string, Profile>;
  /** The one that is taken when nothing else is said. */
  readonly inUse?: string;
}

export type Environment = Readonly<Record<string, string | undefined>>;

/** In the user's configuration folder, https://specifications.freedesktop.org/basedir-spec. */
export function profilesFile(env: Environment): string {
  const folder = env['XDG_CONFIG_HOME'] ?? '';
  return join(isAbsolute(folder) ? folder : join(homedir(), '.config'), 'refit', 'profiles.yaml');
}

/** @throws RefitError CONFIG_INVALID with every fault and its place */
export function readProfiles(env: Environment): Profiles {
  const file = profilesFile(env);
  const yaml = readYaml(textOf(file), { single: 'a file of profiles holds one list of them' });
  const faults = yaml.faults.length > 0 ? yaml.faults : faultsOf(yaml.value).map(({ path, at, message }): ErrorDetail => ({ ...yaml.place(path, at), message: path.length === 0 ? message : `${pathText(path)}: ${message}` }));
  if (faults.length > 0) throw new RefitError('CONFIG_INVALID', `the profiles in ${file} cannot be read`, { details: faults.map((fault) => ({ file, ...fault })) });
  const { use, profiles = {} } = yaml.value as WrittenProfiles; // it has no fault
  const named = Object.entries(profiles).map(([name, { server, admin = server, registry = server, validation = server }]): [string, Profile] => [name, { admin: admin ?? '', registry: registry ?? '', ...(validation !== undefined && { validation }) }]);
  return { file, profiles: new Map(named), ...(typeof use === 'string' && { inUse: use }) };
}

/** @param hint what somebody who wants it could do @throws RefitError PROFILE_NOT_FOUND */
export function profileNamed({ file, profiles }: Profiles, name: string, hint = `; make one with refit profile set ${name} --server HOST:PORT`): Profile {
  const profile = profiles.get(name);
  if (profile) return profile;
  const known = [...profiles.keys()];
  throw new RefitError('PROFILE_NOT_FOUND', `there is no profile ${JSON.stringify(name)} in ${file}.${didYouMean(name, known)} ${known.length === 0 ? 'It has none' : `There is: ${known.join(', ')}`}${hint}`);
}

/** Writes one value of the file, and leaves the rest of it, comments too, as it is. `undefined` removes it. */
export function changeProfiles(file: string, changes: readonly (readonly [path: readonly string[], value: unknown])[]): void {
  const document = parseDocument(textOf(file));
  for (const [path, value] of changes) {
    if (value === undefined) document.deleteIn(path);
    else document.setIn(path, document.createNode(value));
  }
  try {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(`${file}.${process.pid}`, document.toString(), { mode: 0o600 });
    renameSync(`${file}.${process.pid}`, file);
  } catch (cause) {
    throw new RefitError('REQUEST_INVALID', `cannot write the profiles to ${file} (${(cause as NodeJS.ErrnoException).code}): make the folder writable, or name another with XDG_CONFIG_HOME`, { cause }); // fs throws nothing else
  }
}

interface WrittenProfiles {
  readonly use?: string | null;
  readonly profiles?: Readonly<Record<string, { readonly server?: string; readonly admin?: string; readonly registry?: string; readonly validation?: string }>>;
}

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException; // fs throws nothing else
    if (code === 'ENOENT') return '';
    throw new RefitError('CONFIG_INVALID', `cannot read the profiles in ${file} (${code}): check its permissions`, { cause });
  }
}

function faultsOf(value: unknown): readonly Fault[] {
  if (!isMapping(value)) return [{ path: [], at: 'value', message: `expected "profiles", a mapping of names; found ${shown(value)}` }];
  const faults = unknownKeys(value, [], ['use', 'profiles']);
  const { use, profiles = {} } = value;
  if (!isMapping(profiles)) return [...faults, { path: ['profiles'], at: 'value', message: `expected a mapping of names; found ${shown(profiles)}` }];
  const names = Object.keys(profiles);
  if (use !== undefined && use !== null && (typeof use !== 'string' || !names.includes(use))) faults.push({ path: ['use'], at: 'value', message: `there is no such profile.${didYouMean(use, names)}` });
  return [...faults, ...names.flatMap((name) => profileFaults(profiles[name], ['profiles', name]))];
}

function profileFaults(profile: unknown, path: readonly string[]): readonly Fault[] {
  if (!isMapping(profile)) return [{ path, at: 'value', message: `expected a mapping of admin and registry, or of server; found ${shown(profile)}` }];
  const faults = unknownKeys(profile, path, ['server', 'admin', 'registry', 'validation']);
  for (const [key, address] of Object.entries(profile)) {
    if (typeof address !== 'string' || !isAddress(address)) faults.push({ path: [...path, key], at: 'value', message: `expected HOST:PORT; found ${shown(address)}` });
  }
  const complete = 'server' in profile || ('admin' in profile && 'registry' in profile);
  return complete || faults.length > 0 ? faults : [{ path, at: 'key', message: 'expected both admin and registry, or server' }];
}

const unknownKeys = (value: Readonly<Record<string, unknown>>, path: readonly string[], known: readonly string[]): Fault[] =>
  Object.keys(value).filter((key) => !known.includes(key)).map((key) => ({ path: [...path, key], at: 'key', message: `unknown key.${didYouMean(key, known)} Known here: ${known.join(', ')}` }));

const isMapping = (value: unknown): value is Readonly<Record<string, unknown>> => typeof value === 'object' && value !== null && !Array.isArray(value);
