import { v7 as uuid } from 'uuid';

let lastMs = 0;

/**
 * A new run's id: a UUIDv7 of a millisecond that no other run of this process has, so that the first 13 characters, which
 * people see and type, tell it from the others.
 */
export function newRunId(now: number): string {
  lastMs = Math.max(now, lastMs + 1);
  return uuid({ msecs: lastMs });
}
