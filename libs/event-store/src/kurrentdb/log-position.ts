import { RefitError } from '@refit/contracts';
import type { Position } from '../event-store.js';

/** A place in KurrentDB's log. */
export interface LogPosition {
  readonly commit: bigint;
  readonly prepare: bigint;
}

/** Prepare positions are below 2^63, which has 19 digits. */
const prepareRange = 10n ** 20n;
const largest = 2n ** 63n;

/** Before the first event. */
export const startPosition: Position = '0';

/**
 * Both halves in one decimal number, which orders positions as KurrentDB does. The commit half alone would not do: a
 * checkpoint between two events is (their boundary, 0), an event at that boundary is (boundary, boundary), and what
 * resumed from the first would skip the second. In transactions of the old TCP protocol several events share the
 * commit half too.
 */
export const toPosition = ({ commit, prepare }: LogPosition): Position => String(commit * prepareRange + prepare);

/** @throws RefitError REQUEST_INVALID */
export function fromPosition(position: Position): LogPosition {
  if (!/^\d{1,40}$/.test(position)) throw new RefitError('REQUEST_INVALID', `${JSON.stringify(position)} is not a position in this log. Positions come from the events and checkpoints that the store hands out.`);
  const number = BigInt(position);
  return { commit: number / prepareRange, prepare: number % prepareRange };
}

/** The server says −1, as an unsigned number, where it knows of no position. */
export const isPlace = (position: LogPosition | undefined): position is LogPosition => position !== undefined && position.commit < largest && position.prepare < largest;
