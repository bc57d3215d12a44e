import type { Condition } from './where.js';

/** From `since` on and before `until`, in milliseconds since 1970; absent: without that bound. */
export interface TimeSpan {
  readonly since?: number;
  readonly until?: number;
}

/** The conditions under which a column of milliseconds lies in it. */
export const within = (column: string, { since, until }: TimeSpan): readonly Condition[] => [
  since !== undefined && [`${column} >= ?`, since],
  until !== undefined && [`${column} < ?`, until],
];
