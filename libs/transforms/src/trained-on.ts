import { SplitKind, type SplitMembership } from '@refit/contracts';
import type { ColumnTable } from './column-table.js';
import { keyColumns, rowFractions } from './hash-split.js';

/** The columns that a table must have for `wasTrainedOn` to tell its rows apart. */
export const membershipColumns = (membership: SplitMembership): readonly string[] =>
  membership.kind === SplitKind.TIME ? [membership.column] : keyColumns(membership);

/**
 * For each row of any table: 1 when the model of this membership was, or may have been, trained or tuned on it; 0 only
 * when it cannot have been. A row of which the rule cannot tell (no time, a missing column, an unknown kind) counts as
 * trained on.
 */
export function wasTrainedOn(membership: SplitMembership, table: ColumnTable): Uint8Array {
  switch (membership.kind) {
    case SplitKind.TIME:
      return withinTrainingTimes(membership, table);
    case SplitKind.HASH:
    case SplitKind.RANDOM: {
      const fractions = rowFractions(membership, table);
      return Uint8Array.from(fractions, (fraction) => Number(!(fraction < membership.testBelow)));
    }
    case SplitKind.UNSPECIFIED:
      return new Uint8Array(table.rows).fill(1);
    default:
      return new Uint8Array(table.rows).fill(1); // a kind of a later version
  }
}

function withinTrainingTimes({ column: name, trainingFrom, trainingUntil }: SplitMembership, table: ColumnTable): Uint8Array {
  const column = table.columns.get(name);
  if (column === undefined || column.kind === 'category' || trainingFrom === undefined || trainingUntil === undefined) {
    return new Uint8Array(table.rows).fill(1);
  }
  return Uint8Array.from(column.values, (time) => Number(!(time < trainingFrom || time > trainingUntil)));
}
