import type { Subject } from '../finding.js';
import { classifierLimits } from './classifier-limits.js';
import { pooledColumns } from './columns-to-compare.js';
import type { ClassifierOutcome } from './compared.js';
import { minimumDriftRows } from './drift-limits.js';

/** By which columns a classifier is to tell rows apart, and by how many rows of each side. */
export interface ClassifierQuestion {
  readonly columns: readonly string[];
  readonly rows: number;
}

/** What to ask a classifier, or why it cannot be asked; undefined where the gate does not want it. */
export function classifierQuestion(subject: Subject): ClassifierQuestion | Extract<ClassifierOutcome, { readonly inconclusive: string }> | undefined {
  const limits = classifierLimits(subject.gate);
  if (!limits) return undefined;
  const fewest = Math.min(subject.statistics.rows, subject.expected?.reference.rows ?? 0);
  if (fewest < minimumDriftRows(subject.gate)) return { inconclusive: `${fewest} rows on one side, ${minimumDriftRows(subject.gate)} needed`, tooFewRows: true };
  const columns = pooledColumns(subject);
  return columns.length === 0 ? { inconclusive: 'there are no columns to tell rows apart by' } : { columns, rows: limits.rows };
}
