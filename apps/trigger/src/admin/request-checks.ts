import { timestampMs, type Timestamp } from '@bufbuild/protobuf/wkt';
import { RefitError } from '@refit/contracts';
import type { TimeSpan } from '@refit/projections';

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

/** What is asked for, its times in milliseconds since 1970. @throws RefitError REQUEST_INVALID when nothing can lie between them */
export function withTimeSpan<R extends { readonly since?: Timestamp | undefined; readonly until?: Timestamp | undefined }>({ since, until, ...asked }: R): Omit<R, 'since' | 'until'> & TimeSpan {
  if (since && until && timestampMs(since) >= timestampMs(until)) throw new RefitError('REQUEST_INVALID', 'since is not before until: nothing lies between them');
  return { ...asked, ...(since && { since: timestampMs(since) }), ...(until && { until: timestampMs(until) }) };
}
