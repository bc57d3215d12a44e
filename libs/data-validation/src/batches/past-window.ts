import type { Window } from '@refit/contracts';
import { inTimeOrder, type BatchVersion } from './dataset-state.js';

/**
 * Whether a batch counts for a window that ends at `end` (milliseconds since 1970, exclusive). For a window by batches it
 * does when it was whole by then, else when some of it was there. One without times was never at a time.
 */
export function countsBefore({ ingested: { timeFrom, timeUntil } }: BatchVersion, window: Window | undefined, end: number): boolean {
  const time = window?.last.case === 'batches' ? timeUntil : timeFrom;
  return time !== undefined && time < end;
}

/** Those of a window by duration that reach into it (with an `end` [end − duration, end), else (newest − duration, newest]); of others all. In their order. */
export function withinReach(batches: readonly BatchVersion[], window: Window | undefined, end: number | undefined): readonly BatchVersion[] {
  if (window?.last.case !== 'durationMs') return batches;
  const untils = batches.map(({ ingested }) => ingested.timeUntil);
  const begin = (end ?? Math.max(...untils.map((time) => time ?? -Infinity))) - window.last.value;
  return batches.filter((_, i) => {
    const until = untils[i] ?? Infinity;
    return end === undefined ? until > begin : until >= begin;
  });
}

/** How many rows a window has at most, and whether it has just so many. */
export function rowsBefore(batches: readonly BatchVersion[], window: Window | undefined, end: number): { readonly batches: number; readonly rows: number; readonly exact: boolean } {
  const reached = withinReach(inTimeOrder(batches.filter((batch) => countsBefore(batch, window, end))), window, end);
  const last = window?.last ?? { case: undefined };
  const counted = last.case === 'batches' ? reached.slice(-last.value) : reached;
  const rows = counted.reduce((sum, { ingested }) => sum + (ingested.snapshot?.rows ?? 0), 0);
  const begin = last.case === 'durationMs' ? end - last.value : -Infinity;
  const exact = counted.every(({ ingested: { timeFrom = -Infinity, timeUntil = Infinity } }) => timeFrom >= begin && timeUntil < end);
  return { batches: counted.length, rows: last.case === 'rows' ? Math.min(rows, last.value) : rows, exact };
}
