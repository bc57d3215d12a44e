import { checkConfig } from '@refit/contracts';
import type { ConfigProblem, Origin } from './origin.js';
import type { Setting } from './setting.js';

/** The value of a setting in one of the places where it may be given. */
export interface Given {
  readonly value: unknown;
  readonly origin: Origin;
  /** Relative paths start there; absolute. */
  readonly base: string;
  /** It breaks the schema; a problem tells how. */
  readonly invalid?: true;
}

/** What one place (flags, environment, file) gives, by the settings' paths. */
export interface Layer {
  readonly given: ReadonlyMap<string, Given>;
  readonly problems: readonly ConfigProblem[];
}

/** Checks a value that was given as text. */
export function checkGiven({ path }: Setting, value: unknown, origin: Origin): readonly ConfigProblem[] {
  const nested = path.split('.').reduceRight<unknown>((inner, key) => ({ [key]: inner }), value);
  return checkConfig(nested).map((fault) => {
    const item = fault.path.find((part) => typeof part === 'number');
    return { severity: 'error' as const, origin, path, message: (typeof item === 'number' ? `item ${item + 1}: ${fault.message}` : fault.message).trim() };
  });
}
