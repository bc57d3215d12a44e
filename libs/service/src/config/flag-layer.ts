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

/** What arguments give: `--flag value`, `--flag=value`, `--switch`. A list is given by several; of anything else the last one counts. */
export function flagLayer(argv: readonly string[], cwd: string, commandFlags: readonly string[] = []): Flags {
  const { words, problems } = wordsOf(argv, commandFlags);
  const given = new Map<string, Given>();
  for (const setting of settings()) {
    const own = words.filter(({ flag }) => setting.flags.includes(flag));
    const last = own.at(-1);
    if (last === undefined) continue;
    const origin: Origin = { kind: 'flag', flag: last.flag };
    const value = valueOfFlag(setting, own.map(({ text }) => text));
    const faults = checkGiven(setting, value, origin);
    problems.push(...faults);
    given.set(setting.path, { value, origin, base: cwd, ...(faults.length > 0 && { invalid: true }) });
  }
  const configFile = words.findLast(({ flag }) => flag === '--config')?.text;
  return { given, problems: problems.map((problem) => ({ ...problem, usage: true })), ...(configFile !== undefined && { configFile }) };
}

/** Each known flag with its text, in their order. */
function wordsOf(argv: readonly string[], commandFlags: readonly string[]) {
  const byFlag = new Map(settings().flatMap((setting) => setting.flags.map((flag): [string, Setting] => [flag, setting])));
  const known = [...byFlag.keys(), '--config'];
  const options = Object.fromEntries(known.map((flag) => [flag.slice(2), { type: byFlag.get(flag)?.type === 'boolean' ? ('boolean' as const) : ('string' as const) }]));
  const words: { readonly flag: string; readonly text: string }[] = [];
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
      problem(flag, `unknown flag.${didYouMean(flag, [...commandFlags, ...known])}`);
      unknown = token.index;
    } else if (text === undefined) problem(flag, `needs a value: ${flag} ${byFlag.get(flag)?.type === 'number' ? 'NUMBER' : 'VALUE'}`);
    else words.push({ flag, text });
  }
  return { words, problems };
}
