import { RefitError } from '@refit/contracts';

/** With more of them a match could take for ever. */
const mostStars = 3;
const pattern = new RegExp(`^[A-Za-z0-9._?-]*(\\*[A-Za-z0-9._?-]*){0,${mostStars}}$`);

/**
 * A pattern of names as SQLite's GLOB takes it: * stands for any letters, ? for one.
 *
 * @throws RefitError REQUEST_INVALID
 */
export function namePattern(text: string): string {
  if (text.length <= 64 && pattern.test(text)) return text;
  const found = JSON.stringify(text.length > 60 ? `${text.slice(0, 60)}…` : text);
  throw new RefitError('REQUEST_INVALID', `the name pattern ${found} is none: write letters, digits, ".", "_" and "-", ? for any letter, and up to ${mostStars} times * for any letters, such as flights-*`);
}

/** Whether names match it. @throws RefitError REQUEST_INVALID */
export function nameMatcher(text: string): (name: string) => boolean {
  const expression = new RegExp(`^${namePattern(text).replaceAll('.', '\\.').replaceAll('?', '.').replaceAll('*', '.*')}$`);
  return (name) => expression.test(name);
}
