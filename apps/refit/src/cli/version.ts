import { readFileSync } from 'node:fs';

/** Of this Refit, from the package that the command line belongs to. */
export function version(): string {
  const text = readFileSync(new URL('../../package.json', import.meta.url), 'utf8');
  return (JSON.parse(text) as { version: string }).version; // a package.json has one
}
