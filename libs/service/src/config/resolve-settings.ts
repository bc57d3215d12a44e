import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Given, Layer } from './layer.js';
import type { ConfigProblem, Origin } from './origin.js';
import type { ServiceName } from './service-name.js';
import { secretFilePath, settings, type Setting } from './setting.js';

/** A setting with the value that it has. */
export interface ResolvedSetting {
  readonly setting: Setting;
  /** Of the setting's type; paths absolute; undefined where nothing is given and there is no default. */
  readonly value: unknown;
  readonly origin: Origin;
  /** False: what was given cannot be used; a problem tells why. */
  readonly valid: boolean;
}

export interface Resolution {
  readonly settings: ReadonlyMap<string, ResolvedSetting>;
  readonly problems: readonly ConfigProblem[];
}

/**
 * The value of each setting: from the first of the layers that gives it, or else its default. Ports of one service stand
 * for `httpPort` and `grpcPort` where the configuration is that service's.
 */
export function resolveSettings(layers: readonly Layer[], cwd: string, service: ServiceName | undefined): Resolution {
  const found = new Map(settings().map((setting) => [setting.path, resolved(setting, layers, cwd, service)]));
  const problems: ConfigProblem[] = [];
  for (const one of found.values()) {
    const unusable = pathProblem(one);
    if (unusable === undefined) continue;
    problems.push(unusable);
    found.set(one.setting.path, { ...one, valid: false });
  }
  for (const { setting } of [...found.values()].filter((one) => one.setting.secret)) {
    const secret = secretOf(setting, layers, found);
    found.set(setting.path, secret.resolved);
    problems.push(...secret.problems);
  }
  return { settings: found, problems };
}

function resolved(setting: Setting, layers: readonly Layer[], cwd: string, service: ServiceName | undefined): ResolvedSetting {
  const own = settings().find(({ path }) => path === `services.${service}.${setting.path}`) ?? setting;
  const given = layers.map((layer) => layer.given.get(own.path) ?? layer.given.get(setting.path)).find((one) => one !== undefined);
  const { value, origin, base, invalid }: Given = given ?? { value: own.defaultValue, origin: { kind: 'default' }, base: cwd };
  return { setting, value: invalid ? undefined : absolute(setting, value, base), origin, valid: !invalid };
}

function absolute({ names }: Setting, value: unknown, base: string): unknown {
  if (names === undefined) return value;
  if (Array.isArray(value)) return value.map((path) => resolve(base, String(path)));
  return typeof value === 'string' ? resolve(base, value) : value;
}

/** Shells expand `~`; files and variables do not. */
function pathProblem({ setting, value, origin, valid }: ResolvedSetting): ConfigProblem | undefined {
  if (!valid || setting.names === undefined || origin.kind === 'default') return undefined;
  const wrong = [value].flat().find((path) => typeof path === 'string' && (/\/~(\/|$)/.test(path) || path.includes('\0')));
  return wrong === undefined ? undefined : { severity: 'error', origin, path: setting.path, message: `"~" is not expanded here; write the whole path; found ${JSON.stringify(wrong)}` };
}

/** A secret that is given itself, or in a file; of both, what the stronger place gives. */
function secretOf(setting: Setting, layers: readonly Layer[], found: ReadonlyMap<string, ResolvedSetting>): { resolved: ResolvedSetting; problems: readonly ConfigProblem[] } {
  const itself = found.get(setting.path) ?? { setting, value: undefined, origin: { kind: 'default' }, valid: true };
  const inFile = found.get(secretFilePath(setting));
  if (inFile === undefined || !inFile.valid || typeof inFile.value !== 'string') return { resolved: itself, problems: [] };
  const rank = (path: string) => layers.findIndex((layer) => layer.given.has(path));
  const [ofItself, ofFile] = [rank(setting.path), rank(inFile.setting.path)];
  if (ofItself !== -1 && ofItself < ofFile) return { resolved: itself, problems: [] };
  const { origin } = inFile;
  if (ofItself === ofFile) return { resolved: { ...itself, valid: false }, problems: [{ severity: 'error', origin, path: inFile.setting.path, message: `${setting.path} is given as well; keep one of them` }] };
  try {
    const value = readFileSync(inFile.value, 'utf8').replace(/\r?\n$/, '');
    if (value !== '' && value.length <= 4096) return { resolved: { setting, value, origin, valid: true }, problems: [] };
    return { resolved: { setting, value: undefined, origin, valid: false }, problems: [{ severity: 'error', origin, path: inFile.setting.path, message: `${inFile.value} ${value === '' ? 'is empty' : 'is longer than 4096 characters'}; it holds the secret and nothing else` }] };
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException; // fs throws nothing else
    return { resolved: { setting, value: undefined, origin, valid: false }, problems: [{ severity: 'error', origin, path: inFile.setting.path, message: `cannot read ${inFile.value} (${code}): check its path and its permissions` }] };
  }
}
