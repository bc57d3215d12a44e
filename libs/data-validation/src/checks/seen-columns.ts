import type { ColumnRule } from '@refit/contracts';
import type { Subject } from '../finding.js';
import type { ColumnStatistics } from '../statistics.js';
import type { Share } from './compare-shares.js';

/** A column of the data, and what is known of it from before. */
export interface SeenColumn {
  readonly column: ColumnStatistics;
  readonly rule?: ColumnRule;
  readonly reference?: ColumnStatistics;
  /** Rows with a value; of the reference 0 where it has no such column. */
  readonly present: number;
  readonly presentBefore: number;
}

/** The columns of the data that the gate does not ignore, also without a schema; the data that is the reference has none. */
export function seenColumns({ statistics, gate, expected, isReference = false }: Subject): readonly SeenColumn[] {
  return statistics.columns.filter(({ name }) => !gate.ignoredColumns.includes(name)).map((column) => {
    const rule = expected?.schema.columns.find(({ name }) => name === column.name);
    const reference = isReference ? undefined : expected?.reference.columns.find(({ name }) => name === column.name);
    return {
      column, ...(rule && { rule }), ...(reference && { reference }),
      present: statistics.rows - column.missing, presentBefore: reference && expected ? expected.reference.rows - reference.missing : 0,
    };
  });
}

/** What share of the reference's values something had; undefined where there are none to tell. */
export const shareBefore = ({ reference, presentBefore }: SeenColumn, count: (reference: ColumnStatistics) => number | undefined): Share | undefined => {
  const found = reference && presentBefore > 0 ? count(reference) : undefined;
  return found === undefined ? undefined : { count: found, of: presentBefore };
};
