import type { ErrorCode, ErrorDetail } from '@refit/contracts';

/** Where the value of a setting was given. */
export type Origin =
  | { readonly kind: 'default' }
  | { readonly kind: 'file'; readonly file: string; readonly line: number; readonly column: number }
  | { readonly kind: 'environment'; readonly variable: string }
  | { readonly kind: 'flag'; readonly flag: string };

/** `refit.config.yaml:3:5`, `REFIT_KAFKA_BROKERS`, `--kafka-brokers`, `default`. */
export function originText(origin: Origin): string {
  switch (origin.kind) {
    case 'default': return 'default';
    case 'file': return `${origin.file}:${origin.line}:${origin.column}`;
    case 'environment': return origin.variable;
    case 'flag': return origin.flag;
  }
}

/** One thing that is wrong with a configuration, or (a warning) probably not meant. */
export interface ConfigProblem {
  readonly severity: 'error' | 'warning';
  readonly origin: Origin;
  /** Of the setting; undefined for what belongs to none. */
  readonly path?: string;
  /** The command line itself is wrong: no such flag, or not with this value. */
  readonly usage?: true;
  /** What the error is called when nothing else is wrong; otherwise CONFIG_INVALID. */
  readonly code?: ErrorCode;
  /** What was expected, what stands there, and how to mend it. */
  readonly message: string;
}

/** A problem as errors list it: with its place in the file, or with the name of its variable or flag. */
export function problemDetail({ origin, path, message }: ConfigProblem): ErrorDetail {
  const named = path === undefined ? message : `${path}: ${message}`;
  if (origin.kind === 'default') return { message: named };
  if (origin.kind === 'file') return { file: origin.file, line: origin.line, column: origin.column, message: named };
  return { message: `${originText(origin)}: ${message}` };
}
