import type { ColumnRule } from '@refit/contracts';
import type { Subject } from '../finding.js';

/** Where data is used. A column such as the label is there for training, and not for predictions. */
export const environments = ['training', 'serving'] as const;
export type Environment = (typeof environments)[number];

/** The data as an environment expects it: of a column that has no place there nothing is asked, nor is it new. */
export function inEnvironment(subject: Subject): Subject {
  const { gate, environment = 'training', expected } = subject;
  const elsewhere = [
    ...(environment === 'training' ? [] : gate.trainingOnlyColumns),
    ...(expected?.schema.columns ?? []).filter((rule) => !isExpectedIn(rule, environment)).map(({ name }) => name),
  ];
  return elsewhere.length === 0 ? subject : { ...subject, gate: { ...gate, ignoredColumns: [...gate.ignoredColumns, ...elsewhere] } };
}

export const isExpectedIn = (rule: Pick<ColumnRule, 'environments'>, environment: string): boolean => rule.environments.length === 0 || rule.environments.includes(environment);

/** Those that are left to a column without this one. */
export const environmentsWithout = (rule: Pick<ColumnRule, 'environments'>, environment: string): readonly string[] =>
  (rule.environments.length === 0 ? environments : rule.environments).filter((name) => name !== environment);
