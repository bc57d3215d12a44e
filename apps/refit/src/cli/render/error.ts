import { isRefitError, RefitError, type ErrorDetail } from '@refit/contracts';
import type { Style } from '../terminal.js';

/** `error CODE: message`, and each single fault with its place. */
export function renderError(error: unknown, style: Style): string {
  if (!isRefitError(error)) return `${style.red('error')} ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`;
  return [`${style.red(style.bold(`error ${error.code}`))}: ${error.message}`, ...error.details.map((detail) => `  ${place(detail, style)}${detail.message}`)].join('\n');
}

/** The same for programs. */
export const errorJson = (error: unknown) => ({
  error: isRefitError(error) ? { code: error.code, message: error.message, details: error.details } : { code: 'INTERNAL', message: String(error), details: [] },
});

/** What commander says is wrong with a command line, as an error of Refit. */
export const usageError = (text: string): RefitError =>
  new RefitError('USAGE_INVALID', text === '(outputHelp)' ? 'name a command; refit --help lists them' : text.replace(/^error: /, '').replaceAll('\n', ' '));

/** The command line itself is wrong. */
export const isUsageError = (error: unknown): boolean => isRefitError(error, 'USAGE_INVALID');

/** `flights.yaml:3:9  `, as editors and terminals make links of. */
export function place({ file, line, column }: ErrorDetail, style: Style): string {
  const parts = [file, line, column].filter((part) => part !== undefined);
  return parts.length === 0 ? '' : `${style.cyan(parts.join(':'))}  `;
}
