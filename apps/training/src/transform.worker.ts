import { SplitKind, type SplitMembership } from '@refit/contracts';
import { encodingOf } from '@refit/trainers';
import { fitTransforms, type FittedTransforms, type LabelDefinition } from '@refit/transforms';
import type { Job } from '@refit/workers';
import type { LearningTask } from './learning-task.js';
import { readRows } from './read-rows.js';

export interface Transformation {
  readonly label: LabelDefinition;
  readonly membership: SplitMembership;
  readonly rows: { readonly training: number; readonly validation: number; readonly test: number; readonly dropped: number };
  readonly transforms: FittedTransforms;
}

const transform: Job<LearningTask, Transformation> = async (task, context) => {
  context.progress(0, 'reading the snapshot');
  const { table, label, split } = await readRows(task, context);
  context.progress(0.7, `fitting the features on ${split.training.length} rows`);
  const reserved = [{ column: task.label.column, reason: 'the label' }];
  if (task.split.kind === SplitKind.HASH) reserved.push({ column: task.split.column, reason: 'the key of the split' });
  const transforms = fitTransforms(table, split.training, { features: task.features, encoding: encodingOf(task.trainer.kind), reserved });
  return {
    label: label.definition,
    membership: split.membership,
    rows: { training: split.training.length, validation: split.validation.length, test: split.test.length, dropped: label.dropped },
    transforms,
  };
};

export default transform;
