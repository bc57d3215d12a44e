import type { ColumnRule } from '@refit/contracts';
import type { Subject } from './finding.js';
import type { ColumnStatistics } from './statistics.js';

export interface JudgedColumn {
  readonly rule: ColumnRule;
  readonly column: ColumnStatistics;
  readonly reference: ColumnStatistics | undefined;
}

/** The columns that the schema knows, the data has and the gate does not ignore. */
export function judgedColumns({ statistics, gate, expected }: Subject): readonly JudgedColumn[] {
  if (!expected) return [];
  return expected.schema.columns.flatMap((rule) => {
    const column = statistics.columns.find(({ name }) => name === rule.name);
    if (!column || gate.ignoredColumns.includes(rule.name)) return [];
    return [{ rule, column, reference: expected.reference.columns.find(({ name }) => name === rule.name) }];
  });
}

/** Whether a column's values can be compared with those that the rule expects. */
export const isComparable = ({ rule, column }: Pick<JudgedColumn, 'rule' | 'column'>) => rule.type === column.type || (isNumeric(rule.type) && isNumeric(column.type));

export const isNumeric = (type: string) => type === 'integer' || type === 'float';
