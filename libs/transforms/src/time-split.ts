import { create } from '@bufbuild/protobuf';
import { RefitError, SplitKind, SplitMembershipSchema, type Split } from '@refit/contracts';
import type { ColumnTable } from './column-table.js';
import type { RowSplit } from './row-split.js';

/**
 * The newest rows are for the test, those before them for validation. A boundary lies between two different times: of
 * the two nearest to the asked fraction, the nearer one that leaves rows on both sides.
 */
export function splitByTime(table: ColumnTable, rows: Uint32Array, spec: Split): RowSplit {
  const times = timesOf(table, spec.column);
  const sorted = presentTimes(times, rows).sort();
  const testStart = boundary(sorted, sorted.length * (1 - spec.testFraction));
  const earlier = sorted.subarray(0, lowerBound(sorted, testStart));
  const validationStart = spec.validationFraction > 0 ? boundary(earlier, sorted.length * (1 - spec.testFraction - spec.validationFraction)) : testStart;
  return {
    // A row without a time is neither in test nor in validation, where time has to be right.
    training: rows.filter((row) => !(times[row] >= validationStart)),
    validation: rows.filter((row) => times[row] >= validationStart && times[row] < testStart),
    test: rows.filter((row) => times[row] >= testStart),
    membership: create(SplitMembershipSchema, {
      kind: SplitKind.TIME,
      column: spec.column,
      ...(earlier.length > 0 && { trainingFrom: earlier[0], trainingUntil: earlier[earlier.length - 1] }),
    }),
  };
}

function presentTimes(times: Float64Array, rows: Uint32Array): Float64Array {
  const present = new Float64Array(rows.length);
  let count = 0;
  for (let i = 0; i < rows.length; i++) if (!Number.isNaN(times[rows[i]])) present[count++] = times[rows[i]];
  return present.subarray(0, count);
}

function timesOf(table: ColumnTable, name: string): Float64Array {
  const column = table.columns.get(name);
  if (column === undefined) throw new RefitError('SPLIT_IMPOSSIBLE', `the data has no column "${name}" to split by time`);
  if (column.kind === 'category') throw new RefitError('SPLIT_IMPOSSIBLE', `column "${name}" holds text, not times: it cannot split the rows by time`);
  return column.values;
}

/** The time at which the later part starts, nearest to `index` rows in the earlier one; past the end when there is none. */
function boundary(sorted: Float64Array, index: number): number {
  const at = sorted[Math.min(sorted.length - 1, Math.max(0, Math.round(index)))];
  const before = lowerBound(sorted, at);
  const after = lowerBound(sorted, nextAfter(sorted, before));
  const candidates = [before, after].filter((start) => start > 0 && start < sorted.length);
  candidates.sort((a, b) => Math.abs(a - index) - Math.abs(b - index));
  return candidates.length > 0 ? sorted[candidates[0]] : Infinity;
}

/** The smallest time later than the one at `index`. */
function nextAfter(sorted: Float64Array, index: number): number {
  const later = sorted.subarray(index).find((time) => time > sorted[index]);
  return later ?? Infinity;
}

/** Index of the first element not below `value`. */
function lowerBound(sorted: Float64Array, value: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (sorted[middle] < value) low = middle + 1;
    else high = middle;
  }
  return low;
}
