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
export function renderConfigCheck({ file, settings, problems }: ConfigReading, { style, service, found, notConnected }: ConfigCheckView): string {
  const rows = settings.filter((one) => isOf(one, service)).map((one) => [one.setting.path, one.valid ? valueText(one, style) : style.red('cannot be used'), originIn(one, style)]);
  return [
    style.dim(file === undefined ? 'no configuration file' : `configuration file ${file}`),
    '',
    table([{ title: 'setting' }, { title: 'value' }, { title: 'from' }], rows, style),
    ...(found.length === 0 ? [] : ['', ...found.map(({ ok, what, says }) => `${ok ? style.green('✓') : style.red('✗')} ${style.bold(what)}  ${says}`)]),
    '',
    ...verdict(problems, style),
    ...(notConnected ? [style.dim('Nothing was tried to be reached: mend this first.')] : []),
  ].join('\n');
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

function verdict(problems: readonly ConfigProblem[], style: Style): readonly string[] {
  if (problems.length === 0) return [`${style.green('✓')} nothing is wrong`];
  const lines = problems.map((problem) => {
    const detail = problemDetail(problem);
    const mark = problem.severity === 'error' ? style.red('✗') : style.yellow('!');
    return `${mark} ${place(detail, style)}${detail.message}`;
  });
  return [style.bold(problems.length === 1 ? 'One thing is wrong:' : `${problems.length} things are wrong:`), ...lines];
}
