import { RefitError } from '@refit/contracts';

/** A required text. @throws RefitError REQUEST_INVALID */
export function required(field: string, value: string): string {
  if (value === '') throw new RefitError('REQUEST_INVALID', `${field} is missing`);
  return bounded(field, value, 200);
}

/** @throws RefitError REQUEST_INVALID for a text that is too long */
export function bounded(field: string, value: string, limit = 1000): string {
  if (value.length > limit) throw new RefitError('REQUEST_INVALID', `${field} has ${value.length} characters; at most ${limit} are taken`);
  return value;
}

/** Who asks, and why: every decision says so. @throws RefitError REQUEST_INVALID */
export function decidedBy({ actor, reason }: { readonly actor: string; readonly reason: string }): { readonly actor: string; readonly reason: string } {
  return { actor: bounded('actor', actor, 100) || 'somebody', reason: bounded('reason', reason) };
}

const mostIds = 200;

/** @throws RefitError REQUEST_INVALID for none, or too many */
export function requireIds(ids: readonly string[]): readonly string[] {
  if (ids.length === 0) throw new RefitError('REQUEST_INVALID', 'ids is empty: name the proposals');
  if (ids.length > mostIds) throw new RefitError('REQUEST_INVALID', `ids names ${ids.length} proposals; at most ${mostIds} are taken at once`);
  return ids;
}
