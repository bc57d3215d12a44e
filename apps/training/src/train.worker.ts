import { readFile } from 'node:fs/promises';
import { encodeModelArtifact, train, type LabelledFeatures, type TrainingMetric } from '@refit/trainers';
import { applyTransforms, inputColumns, type FittedTransforms } from '@refit/transforms';
import type { Job } from '@refit/workers';
import type { LearningTask } from './learning-task.js';
import { readRows } from './read-rows.js';

export interface TrainingJob {
  readonly task: LearningTask;
  /** Of the fitted transforms: a local JSON file. */
  readonly transformsPath: string;
}

export interface Training {
  /** The model artifact. */
  readonly artifact: Uint8Array;
  readonly parameters: Readonly<Record<string, number>>;
  readonly metrics: readonly TrainingMetric[];
  /** Trained on, without those for validation. */
  readonly rows: number;
}

/** Share of the job's progress at which the rows are read and the trainer starts. */
const READ = 0.1;

const trainModel: Job<TrainingJob, Training> = async ({ task, transformsPath }, context) => {
  context.progress(0, 'reading the snapshot');
  const transforms = JSON.parse(await readFile(transformsPath, 'utf8')) as FittedTransforms; // the transform step wrote it
  const { table, label, split } = await readRows(task, context);
  const labelled = (rows: Uint32Array): LabelledFeatures => ({ features: applyTransforms(transforms, table, rows), target: gather(label.target, rows) });
  const { task: kind, classes } = label.definition;
  const { model, parameters, metrics } = train(
    { task: kind, classes, training: labelled(split.training), validation: labelled(split.validation) },
    task.trainer,
    { progress: (fraction, message) => context.progress(READ + (1 - READ) * fraction, message) },
  );
  const artifact = encodeModelArtifact({
    format: 'refit/model/v1', label: label.definition, signature: { inputs: inputColumns(transforms) }, transforms, model, parameters, seed: task.trainer.seed,
  });
  return { artifact, parameters, metrics, rows: split.training.length };
};

function gather(values: Float64Array, rows: Uint32Array): Float64Array {
  const gathered = new Float64Array(rows.length);
  rows.forEach((row, i) => (gathered[i] = values[row] ?? NaN));
  return gathered;
}

export default trainModel;
