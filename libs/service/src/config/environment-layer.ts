import { didYouMean } from '@refit/contracts';
import { checkGiven, type Given, type Layer } from './layer.js';
import type { ConfigProblem, Origin } from './origin.js';
import { valueOfText } from './parse-text.js';
import { settings } from './setting.js';

export type Environment = Readonly<Record<string, string | undefined>>;

/** Variables of Refit that are no settings: which file to read, whom the command line asks and as whom, how long chaos lasts. */
const others = ['REFIT_CONFIG', 'REFIT_SERVER', 'REFIT_ADMIN', 'REFIT_REGISTRY', 'REFIT_VALIDATION', 'REFIT_PROFILE', 'REFIT_TOKEN', 'REFIT_CHAOS_ROUNDS'];

/** What REFIT_* variables give. An empty one counts as not set: that is how containers pass on what nobody has set. */
export function environmentLayer(env: Environment, cwd: string): Layer {
  const given = new Map<string, Given>();
  const problems: ConfigProblem[] = [];
  for (const setting of settings()) {
    const [variable, second] = setting.variables.filter((name) => isSet(env[name]));
    if (variable === undefined) continue;
    const origin: Origin = { kind: 'environment', variable };
    const value = valueOfText(setting, env[variable] ?? '');
    const faults = checkGiven(setting, value, origin);
    problems.push(...faults);
    if (second !== undefined && env[second] !== env[variable]) problems.push({ severity: 'error', origin, path: setting.path, message: `${second} says something else of the same setting; keep one of them` });
    given.set(setting.path, { value, origin, base: cwd, ...(faults.length > 0 && { invalid: true }) });
  }
  return { given, problems: [...problems, ...unknownVariables(env)] };
}

const isSet = (text: string | undefined) => text !== undefined && text !== '';

function unknownVariables(env: Environment): readonly ConfigProblem[] {
  const known = [...settings().flatMap((setting) => setting.variables), ...others];
  return Object.keys(env)
    .filter((variable) => variable.startsWith('REFIT_') && !known.includes(variable) && !isServiceLink(variable, env[variable]))
    .map((variable) => ({ severity: 'warning', origin: { kind: 'environment', variable }, message: `unknown variable; nothing reads it.${didYouMean(variable, known)}` }));
}

/** Kubernetes tells each container of the services beside it: REFIT_SERVICE_HOST, REFIT_PORT_7400_TCP_ADDR, … */
const isServiceLink = (variable: string, value = '') => /_SERVICE_(HOST|PORT(_.+)?)$|_PORT_\d+_(TCP|UDP)(_.+)?$/.test(variable) || /^(tcp|udp):\/\//.test(value);
