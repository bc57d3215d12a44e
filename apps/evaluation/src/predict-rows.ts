import type { Predictions } from '@refit/model-validation';
import { predict, type ModelArtifact } from '@refit/trainers';
import type { ColumnTable } from '@refit/transforms';
import { Task } from '@refit/contracts';

/** Rows predicted at a time: their features are a few megabytes, those of all rows could be hundreds. */
const chunkRows = 16_384;

/**
 * What the model says about these rows of the table.
 *
 * @param targets of the whole table, under this model's label
 * @throws RefitError FEATURES_MISSING when the table lacks a column that the model needs
 */
export function predictRows(artifact: ModelArtifact, table: ColumnTable, rows: Uint32Array, targets: Float64Array): Predictions {
  const { task, classes } = artifact.label;
  const width = task === 'multiclass' ? classes.length : 1;
  const outputs = new Float64Array(rows.length * width);
  for (let start = 0; start < rows.length; start += chunkRows) {
    outputs.set(predict(artifact, table, rows.subarray(start, start + chunkRows)), start * width);
  }
  const labels = Float64Array.from(rows, (row) => targets[row] ?? NaN);
  switch (task) {
    case 'binary':
      return { task: Task.BINARY, labels, probabilities: outputs };
    case 'multiclass':
      return { task: Task.MULTICLASS, classes, labels, probabilities: outputs };
    case 'regression':
      return { task: Task.REGRESSION, labels, predictions: outputs };
  }
}
