import type { SQLInputValue } from 'node:sqlite';

export interface Where {
  readonly sql: string;
  readonly values: readonly SQLInputValue[];
}

/** SQL and what its question marks stand for; false: not asked for. */
export type Condition = readonly [sql: string, ...values: SQLInputValue[]] | false;

/** The conditions that are there, joined by AND; true when there is none. */
export function where(...conditions: readonly Condition[]): Where {
  const present = conditions.filter((condition) => condition !== false);
  return {
    sql: present.map(([sql]) => sql).join(' AND ') || 'true',
    values: present.flatMap(([, ...values]) => values),
  };
}
