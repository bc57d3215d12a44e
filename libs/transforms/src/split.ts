import { RefitError, SplitKind, type Split } from '@refit/contracts';
import type { ColumnTable } from './column-table.js';
import { hashMembership, randomMembership, rowFractions } from './hash-split.js';
import type { RowSplit } from './row-split.js';
import { splitByTime } from './time-split.js';

/**
 * Splits these rows of the table.
 *
 * - time: the newest `testFraction` are for the test, those before for validation; equal times stay together, so the
 *   parts are as near to their fractions as the times allow; rows without a time are for training
 * - hash: by SHA-256 of salt and key column; a key is always in the same part, in any table
 * - random: by SHA-256 of salt and the row's values, so that a row keeps its part as the data grows
 *
 * @throws RefitError SPLIT_IMPOSSIBLE when the column is missing or a part that was asked for would be empty
 */
export function splitRows(table: ColumnTable, rows: Uint32Array, spec: Split): RowSplit {
  const split = spec.kind === SplitKind.TIME ? splitByTime(table, rows, spec) : splitByFraction(table, rows, spec);
  const parts = { training: split.training, validation: spec.validationFraction > 0 ? split.validation : undefined, test: split.test };
  for (const [part, members] of Object.entries(parts)) {
    if (members?.length === 0) {
      throw new RefitError('SPLIT_IMPOSSIBLE', `the ${part} part would be empty: ${rows.length} labelled rows, split by ${kindName(spec)}; use more data or other fractions`);
    }
  }
  return split;
}

function splitByFraction(table: ColumnTable, rows: Uint32Array, spec: Split): RowSplit {
  const membership = spec.kind === SplitKind.HASH ? hashMembership(table, spec) : randomMembership(table, spec);
  const fractions = rowFractions(membership, table);
  return {
    membership,
    test: rows.filter((row) => fractions[row] < membership.testBelow),
    validation: rows.filter((row) => fractions[row] >= membership.testBelow && fractions[row] < membership.validationBelow),
    training: rows.filter((row) => fractions[row] >= membership.validationBelow),
  };
}

function kindName(spec: Split): string {
  if (spec.kind === SplitKind.TIME) return `time in "${spec.column}"`;
  return spec.kind === SplitKind.HASH ? `hash of "${spec.column}"` : 'row content';
}
