import { relative } from 'node:path';
import { originText, problemDetail, shownValue, type ConfigProblem, type ConfigReading, type ResolvedSetting } from '@refit/service/config';
import type { Finding } from '../probes/finding.js';
import type { Style } from '../terminal.js';
import { place } from './error.js';
import { table } from './table.js';

export interface ConfigCheckView {
  readonly style: Style;
  readonly service: string | undefined;
  readonly found: readonly Finding[];
  /** It was asked for, and the configuration is too wrong for it. */
  readonly notConnected: boolean;
}

/** Every setting with its value and where it comes from, then what is wrong. */
export function renderConfigCheck(reading: ConfigReading, view: ConfigCheckView): string {
  const { style, found, notConnected } = view;
  return [
    style.dim(reading.file === undefined ? 'no configuration file' : `configuration file ${reading.file}`),
    ...(reading.unread ? [] : ['', settingsTable(reading, view)]),
    ...(found.length === 0 ? [] : ['', ...found.map(({ ok, what, says }) => `${ok ? style.green('✓') : style.red('✗')} ${style.bold(what)}  ${says}`)]),
    '',
    ...verdict(reading.problems, found, style),
    ...(notConnected ? [style.dim('Nothing was tried to be reached: mend this first.')] : []),
  ].join('\n');
}

function settingsTable({ settings }: ConfigReading, { style, service }: ConfigCheckView): string {
  const rows = settings.filter((one) => isOf(one, service)).map((one) => [one.setting.path, one.valid ? valueText(one, style) : style.red('cannot be used'), originIn(one, style)]);
  return table([{ title: 'setting' }, { title: 'value' }, { title: 'from' }], rows, style);
}

/** Ports of a service matter to its own process only, and stand there as httpPort and grpcPort. */
const isOf = ({ setting, origin }: ResolvedSetting, service: string | undefined) => !setting.path.startsWith('services.') || (service === undefined && origin.kind !== 'default');

function valueText(one: ResolvedSetting, style: Style): string {
  const value = shownValue(one);
  if (value === undefined || value === '' || (Array.isArray(value) && value.length === 0)) return style.dim('–');
  return Array.isArray(value) ? value.join(', ') : String(value as string | number | boolean); // what settings are
}

function originIn({ origin }: ResolvedSetting, style: Style): string {
  if (origin.kind === 'default') return style.dim('default');
  return origin.kind === 'file' ? `${relative(process.cwd(), origin.file)}:${origin.line}:${origin.column}` : originText(origin);
}

function verdict(problems: readonly ConfigProblem[], found: readonly Finding[], style: Style): readonly string[] {
  if (problems.length === 0) return [inOrder(found, style)];
  const lines = problems.map((problem) => {
    const detail = problemDetail(problem);
    const mark = problem.severity === 'error' ? style.red('✗') : style.yellow('!');
    return `${mark} ${place(detail, style)}${detail.message}`;
  });
  return [style.bold(howMany(problems)), ...lines];
}

function inOrder(found: readonly Finding[], style: Style): string {
  const missing = [...new Set(found.filter(({ ok }) => !ok).map(({ what }) => what))];
  if (missing.length === 0) return `${style.green('✓')} nothing is wrong`;
  return `${style.red('✗')} the settings are in order, but what they name is not: ${missing.join(', ')}`;
}

function howMany(problems: readonly ConfigProblem[]): string {
  const errors = problems.filter(({ severity }) => severity === 'error').length;
  const warnings = problems.length - errors;
  const doubtful = warnings === 0 ? '' : warnings === 1 ? 'one is probably not meant' : `${warnings} are probably not meant`;
  if (errors === 0) return `Nothing is wrong, but ${doubtful.replace('one is', 'one thing is').replace('are', 'things are')}:`;
  return `${errors === 1 ? 'One thing is wrong' : `${errors} things are wrong`}${doubtful && `, and ${doubtful}`}:`;
}
