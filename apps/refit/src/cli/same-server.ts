import { quoted } from './next-page.js';
import type { ServerOptions } from './options.js';

/** The flags that say whom to ask, as they were given: a command that is printed can be run as it is. */
export function sameServer({ server, admin, registry, validation, profile, tokenFile }: ServerOptions): string {
  const given = { '--server': server, '--admin': admin, '--registry': registry, '--validation': validation, '--profile': profile, '--token-file': tokenFile };
  return Object.entries(given).map(([flag, value]) => (value === undefined ? '' : ` ${flag} ${quoted(value)}`)).join('');
}
