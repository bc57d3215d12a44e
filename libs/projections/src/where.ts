import type { SQLInputValue } from 'node:sqlite';

export interface Where {
  readonly sql: string;
  readonly values: readonly SQLInputValue[];
}

/** The conditions that are there, joined by AND; true when there is none. */
export function where(...conditions: readonly (readonly [sql: string, ...values: SQLInputValue[]] | false)[]): Where {
  const present = conditions.filter((condition) => condition !== false);
  return {
    sql: present.map(([sql]) => sql).join(' AND ') || 'true',
    values: present.flatMap(([, ...values]) => values),
  };
}
