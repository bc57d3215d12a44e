import { RefitError } from '@refit/contracts';
import type { RefitConfig } from '../runtime.js';
import { checkRules } from './check-rules.js';
import { ConfigValues } from './config-values.js';
import { environmentLayer, type Environment } from './environment-layer.js';
import { fileLayer, type ConfigFileLayer } from './file-layer.js';
import { flagLayer } from './flag-layer.js';
import { problemDetail, type ConfigProblem, type Origin } from './origin.js';
import { refitConfig } from './refit-config.js';
import { resolveSettings, type ResolvedSetting } from './resolve-settings.js';
import type { ServiceName } from './service-name.js';

/** Where settings may be given: a flag is stronger than a variable, a variable than the file, the file than the default. */
export interface ConfigSources {
  /** The arguments after the command: `--kafka-brokers`, `broker:9092`. */
  readonly argv: readonly string[];
  /** Further flags of the command, which `argv` is without: what may have been meant by one that is unknown. */
  readonly commandFlags?: readonly string[];
  readonly env: Environment;
  /** Absolute. Relative paths of flags and variables start here, and refit.config.yaml is looked for here. */
  readonly cwd: string;
  /** False: no configuration file is looked for; one that is named is read. */
  readonly findFile?: boolean;
  /** Whose configuration, where a service is a process of its own; none: of all in one process. */
  readonly service?: ServiceName;
}

/** What was given, and what came of it. */
export interface ConfigReading {
  /** Absolute; undefined where there is no configuration file. */
  readonly file?: string;
  /** What the file gives is not known: the settings are those of flags, variables and defaults alone. */
  readonly unread?: true;
  /** Every setting, in the order of the schema. */
  readonly settings: readonly ResolvedSetting[];
  readonly problems: readonly ConfigProblem[];
  /** Undefined when one of the problems is an error. */
  readonly config?: RefitConfig;
}

/**
 * The configuration of this process: from flags, REFIT_* variables and refit.config.yaml (or the file that `--config` or
 * REFIT_CONFIG names), with every default filled in and all paths absolute.
 *
 * @param warn takes what is probably not meant, such as an unknown REFIT_* variable; without it, standard error does
 * @throws RefitError CONFIG_INVALID with every fault at once in `details`: where it is, what was expected, what stands there;
 *   ADDRESS_NOT_ALLOWED
 */
export function loadConfig(sources: ConfigSources, warn: (message: string) => void = toStandardError): RefitConfig {
  const { config, problems, file } = readConfig(sources);
  const [errors, warnings] = [problems.filter(isError), problems.filter((problem) => !isError(problem))];
  for (const { message, file: place, line } of warnings.map(problemDetail)) warn(place === undefined ? message : `${place}:${line}: ${message}`);
  if (config) return config;
  const details = errors.map(problemDetail);
  const [first] = errors;
  if (first?.code !== undefined && errors.length === 1) throw new RefitError(first.code, first.message, { details });
  const faults = errors.length === 1 ? 'a fault' : `${errors.length} faults`;
  throw new RefitError('CONFIG_INVALID', `the configuration${file === undefined ? '' : ` (${file})`} has ${faults}; \`refit config check\` shows every setting and where it comes from`, { details });
}

/** The same without an end at the first fault: every setting with its origin, and every problem. Never throws. */
export function readConfig({ argv, commandFlags = [], env, cwd, service, findFile = true }: ConfigSources): ConfigReading {
  const flags = flagLayer(argv, cwd, commandFlags);
  const environment = environmentLayer(env, cwd);
  const named = namedFile(flags.configFile, env);
  const file = named !== undefined || findFile ? fileLayer(named, cwd) : noFile;
  const layers = [flags, environment, file];
  const resolution = resolveSettings(layers, cwd, service);
  const values = new ConfigValues(resolution.settings);
  const problems = [...layers.flatMap((layer) => layer.problems), ...resolution.problems, ...(file.unread ? [] : checkRules(values, service))];
  return {
    ...(file.file !== undefined && { file: file.file }),
    ...(file.unread && { unread: true }),
    settings: [...resolution.settings.values()],
    problems: problems.toSorted(byPlace),
    ...(!problems.some(isError) && { config: refitConfig(values, cwd) }),
  };
}

const noFile: ConfigFileLayer = { given: new Map(), problems: [] };

function namedFile(flag: string | undefined, env: Environment): { readonly file: string; readonly origin: Origin } | undefined {
  if (flag !== undefined) return { file: flag, origin: { kind: 'flag', flag: '--config' } };
  const variable = env['REFIT_CONFIG'];
  return variable === undefined || variable === '' ? undefined : { file: variable, origin: { kind: 'environment', variable: 'REFIT_CONFIG' } };
}

/** Flags, then variables, then the file from its first line on. */
function byPlace({ origin: a }: ConfigProblem, { origin: b }: ConfigProblem): number {
  const kinds: readonly Origin['kind'][] = ['flag', 'environment', 'file', 'default'];
  return kinds.indexOf(a.kind) - kinds.indexOf(b.kind) || (a.kind === 'file' && b.kind === 'file' ? a.line - b.line || a.column - b.column : 0);
}

const isError = ({ severity }: ConfigProblem) => severity === 'error';

const toStandardError = (message: string) => void process.stderr.write(`warning: ${message}\n`);
