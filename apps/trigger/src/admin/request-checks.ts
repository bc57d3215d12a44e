import { RefitError } from '@refit/contracts';

/** A required text. @throws RefitError REQUEST_INVALID */
export function required(field: string, value: string, limit = 200): string {
  if (value === '') throw new RefitError('REQUEST_INVALID', `${field} is missing`);
  return bounded(field, value, limit);
}

/** @throws RefitError REQUEST_INVALID for a text that is too long */
export function bounded(field: string, value: string, limit = 500): string {
  if (value.length > limit) throw new RefitError('REQUEST_INVALID', `${field} has ${value.length} characters; at most ${limit} are taken`);
  return value;
}

/** Who asks: every change says so. */
export const actorOf = ({ actor }: { readonly actor: string }): string => bounded('actor', actor, 100) || 'somebody';
