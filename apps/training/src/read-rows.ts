import { readColumns } from '@refit/data';
import { requireVariety, resolveLabel, splitRows, type ColumnTable, type ResolvedLabel, type RowSplit } from '@refit/transforms';
import type { JobContext } from '@refit/workers';
import type { LearningTask } from './learning-task.js';

export interface LabelledRows {
  readonly table: ColumnTable;
  readonly label: ResolvedLabel;
  readonly split: RowSplit;
}

/**
 * Reads the snapshot, finds the label and splits the rows: the same each time, so that training needs no list of rows
 * from the step before.
 *
 * @throws RefitError LABEL_MISSING, LABEL_UNUSABLE, SPLIT_IMPOSSIBLE
 */
export async function readRows({ snapshotPath, columns, label: spec, split: splitSpec }: LearningTask, { native, signal }: JobContext): Promise<LabelledRows> {
  const table = await native(() => readColumns(snapshotPath, columns, { signal }));
  const label = resolveLabel(table, spec);
  const split = splitRows(table, label.rows, splitSpec);
  requireVariety(label.target, split.training, spec.column);
  return { table, label, split };
}
