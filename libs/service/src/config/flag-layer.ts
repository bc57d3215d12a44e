import { parseArgs } from 'node:util';
import { didYouMean } from '@refit/contracts';
import { checkGiven, type Given, type Layer } from './layer.js';
import type { ConfigProblem, Origin } from './origin.js';
import { valueOfFlag } from './parse-text.js';
import { settings, type Setting } from './setting.js';

export interface Flags extends Layer {
  /** Of `--config`. */
  readonly configFile?: string;
}

/** What arguments give: `--flag value`, `--flag=value`, `--switch`; several times for a list. */
export function flagLayer(argv: readonly string[], cwd: string): Flags {
  const { texts, problems } = textsOf(argv);
  const given = new Map<string, Given>();
  const [configFile] = texts.get('--config') ?? [];
  for (const setting of settings()) {
    const [flag, second] = setting.flags.filter((name) => texts.has(name));
    if (flag === undefined) continue;
    const origin: Origin = { kind: 'flag', flag };
    const words = setting.flags.flatMap((name) => texts.get(name) ?? []);
    if (setting.type !== 'list' && words.length > 1) problems.push({ severity: 'error', origin, path: setting.path, message: second === undefined ? 'stands twice; keep one' : `${second} is the same setting; keep one of them` });
    const value = valueOfFlag(setting, words);
    const faults = checkGiven(setting, value, origin);
    problems.push(...faults);
    given.set(setting.path, { value, origin, base: cwd, ...(faults.length > 0 && { invalid: true }) });
  }
  return { given, problems: problems.map((problem) => ({ ...problem, usage: true })), ...(configFile !== undefined && { configFile }) };
}

/** The texts of each flag, as often as it stands. */
function textsOf(argv: readonly string[]) {
  const byFlag = new Map(settings().flatMap((setting) => setting.flags.map((flag): [string, Setting] => [flag, setting])));
  const known = [...byFlag.keys(), '--config'];
  const options = Object.fromEntries(known.map((flag) => [flag.slice(2), { type: byFlag.get(flag)?.type === 'boolean' ? ('boolean' as const) : ('string' as const) }]));
  const texts = new Map<string, string[]>();
  const problems: ConfigProblem[] = [];
  const problem = (flag: string, message: string) => problems.push({ severity: 'error', origin: { kind: 'flag', flag }, message });
  let unknown = -2;
  for (const token of parseArgs({ args: [...argv], options, strict: false, tokens: true }).tokens) {
    // What follows an unknown flag is probably its value.
    if (token.kind === 'positional' && token.index !== unknown + 1) problem(token.value, 'unexpected; settings are flags, such as --log-level debug');
    if (token.kind !== 'option') continue;
    const flag = token.rawName;
    const text = token.value ?? (byFlag.get(flag)?.type === 'boolean' ? 'true' : undefined);
    if (!known.includes(flag)) {
      problem(flag, `unknown flag.${didYouMean(flag, known)}`);
      unknown = token.index;
    } else if (text === undefined) problem(flag, `needs a value: ${flag} ${byFlag.get(flag)?.type === 'number' ? 'NUMBER' : 'VALUE'}`);
    else texts.set(flag, [...(texts.get(flag) ?? []), text]);
  }
  return { texts, problems };
}
