import type { ConfigValues } from './config-values.js';
import type { ConfigProblem } from './origin.js';
import type { ServiceName } from './service-name.js';

/** A rule that no schema can say: it looks at several settings, or at what a text means. */
export interface ConfigRule {
  /** The settings that it reads; it is left out when one of them is wrong already. */
  readonly reads: readonly string[];
  readonly check: (values: ConfigValues, service: ServiceName | undefined) => readonly ConfigProblem[];
}

/** An error about a setting, where it was given. */
export const wrong = (values: ConfigValues, path: string, message: string): ConfigProblem => ({ severity: 'error', origin: values.origin(path), path, message });
