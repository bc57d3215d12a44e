import { existsSync, readFileSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { checkConfig, pathText, readYaml, type Fault, type YamlText } from '@refit/contracts';
import type { Given, Layer } from './layer.js';
import type { ConfigProblem, Origin } from './origin.js';
import { settings } from './setting.js';

export const configFileName = 'refit.config.yaml';

export interface ConfigFileLayer extends Layer {
  /** Absolute; undefined where there is none. */
  readonly file?: string;
  /** Nothing is known of what it gives. */
  readonly unread?: true;
}

/** What a configuration file gives: the one that is named, or refit.config.yaml of the working directory. */
export function fileLayer(named: { readonly file: string; readonly origin: Origin } | undefined, cwd: string): ConfigFileLayer {
  const file = resolve(cwd, named?.file ?? configFileName);
  if (named === undefined && !existsSync(file)) return { given: new Map(), problems: otherNames(cwd) };
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException; // fs throws nothing else
    const origin = named?.origin ?? { kind: 'file', file, line: 1, column: 1 };
    return { file, unread: true, given: new Map(), problems: [{ severity: 'error', origin, message: `cannot read the configuration file ${file} (${code}): check its path and its permissions` }] };
  }
  return { file, ...layerOf(text, file) };
}

/** A file that is called nearly right is one that nobody reads. */
const otherNames = (cwd: string): readonly ConfigProblem[] =>
  ['refit.config.yml', 'refit.config.json', 'refit.yaml', 'refit.yml']
    .map((name) => join(cwd, name))
    .filter((file) => existsSync(file))
    .map((file) => ({ severity: 'warning', origin: { kind: 'file', file, line: 1, column: 1 }, message: `nothing reads ${basename(file)}: call it ${configFileName}, or name it with --config` }));

function layerOf(text: string, file: string): ConfigFileLayer {
  const yaml = readYaml(text, { single: 'a configuration file holds one configuration' });
  const at = (line = 1, column = 1): Origin => ({ kind: 'file', file, line, column });
  if (yaml.faults.length > 0) return { unread: true, given: new Map(), problems: yaml.faults.map(({ line, column, message }) => ({ severity: 'error', origin: at(line, column), message })) };
  const faults = checkConfig(yaml.value);
  const origin = (path: Fault['path'], of: Fault['at']) => {
    const { line, column } = yaml.place(path, of);
    return at(line, column);
  };
  const problems = faults.map((fault): ConfigProblem => ({ severity: 'error', origin: origin(fault.path, fault.at), ...(fault.path.length > 0 && { path: pathText(fault.path) }), message: fault.message.trim() }));
  return { given: givenIn(yaml, faults, file, origin), problems };
}

function givenIn(yaml: YamlText, faults: readonly Fault[], file: string, origin: (path: Fault['path'], at: Fault['at']) => Origin): ReadonlyMap<string, Given> {
  const given = new Map<string, Given>();
  const faulty = faults.map((fault) => fault.path.filter((part) => typeof part === 'string').join('.'));
  for (const { path } of settings()) {
    const keys = path.split('.');
    const value = keys.reduce<unknown>((part, key) => (typeof part === 'object' && part !== null ? (part as Record<string, unknown>)[key] : undefined), yaml.value); // a mapping of YAML
    if (value === undefined) continue;
    given.set(path, { value, origin: origin(keys, 'value'), base: dirname(file), ...(faulty.includes(path) && { invalid: true }) });
  }
  return given;
}
