import { Task } from '@refit/contracts';

/** Probabilities of the positive class; `labels` are 0 and 1. */
export interface BinaryPredictions {
  readonly task: Task.BINARY;
  readonly labels: Float64Array;
  readonly probabilities: Float64Array;
}

/** `labels` are indices into `classes`; `probabilities` is row-major, rows × classes. */
export interface MulticlassPredictions {
  readonly task: Task.MULTICLASS;
  readonly classes: readonly string[];
  readonly labels: Float64Array;
  readonly probabilities: Float64Array;
}

/** Both in the label's unit. */
export interface RegressionPredictions {
  readonly task: Task.REGRESSION;
  readonly labels: Float64Array;
  readonly predictions: Float64Array;
}

/** What a model said about rows whose answer is known. */
export type Predictions = BinaryPredictions | MulticlassPredictions | RegressionPredictions;

/** The predictions of some rows, in the order of `rows`. */
export function selectPredictions(all: Predictions, rows: Int32Array): Predictions {
  const labels = gather(all.labels, rows, 1);
  switch (all.task) {
    case Task.BINARY:
      return { task: all.task, labels, probabilities: gather(all.probabilities, rows, 1) };
    case Task.MULTICLASS:
      return { task: all.task, classes: all.classes, labels, probabilities: gather(all.probabilities, rows, all.classes.length) };
    case Task.REGRESSION:
      return { task: all.task, labels, predictions: gather(all.predictions, rows, 1) };
  }
}

/** Why nothing can be measured on these; undefined when it can. */
export function unusableBecause(p: Predictions): string | undefined {
  const rows = p.labels.length;
  if (rows === 0) return 'there are no rows';
  const outputs = p.task === Task.REGRESSION ? p.predictions : p.probabilities;
  const width = p.task === Task.MULTICLASS ? p.classes.length : 1;
  if (outputs.length !== rows * width) return `there are ${outputs.length} outputs for ${rows} rows`;
  const [highestLabel, integral] = p.task === Task.REGRESSION ? [Infinity, false] : [p.task === Task.BINARY ? 1 : width - 1, true];
  const badLabels = count(p.labels, (y) => !Number.isFinite(y) || (integral && !(y >= 0 && y <= highestLabel && Number.isInteger(y))));
  if (badLabels > 0) return `${badLabels} of ${rows} labels are not usable`;
  const badOutputs =
    p.task === Task.REGRESSION ? count(outputs, (y) => !Number.isFinite(y)) : count(outputs, (y) => !(y >= 0 && y <= 1));
  if (badOutputs > 0) return `${badOutputs} predictions are not ${p.task === Task.REGRESSION ? 'finite numbers' : 'probabilities'}`;
  return undefined;
}

function gather(values: Float64Array, rows: Int32Array, width: number): Float64Array {
  const out = new Float64Array(rows.length * width);
  let next = 0;
  for (const row of rows) {
    const start = row * width;
    for (let k = 0; k < width; k += 1) {
      out[next] = values[start + k] ?? NaN;
      next += 1;
    }
  }
  return out;
}

function count(values: Float64Array, is: (value: number) => boolean): number {
  let n = 0;
  for (const v of values) if (is(v)) n += 1;
  return n;
}
