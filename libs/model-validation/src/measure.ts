import { Task } from '@refit/contracts';
import { binaryMetrics } from './binary-metrics.js';
import { undefinedBecause, type Measured } from './measured.js';
import { metricsOfTask } from './metric-catalogue.js';
import { multiclassMetrics } from './multiclass-metrics.js';
import { unusableBecause, type Predictions } from './predictions.js';
import { regressionMetrics } from './regression-metrics.js';

/** One metric of one slice as events carry it: either a value or the reason why there is none. */
export interface MetricOfSlice {
  readonly name: string;
  /** Empty: all rows; else `column=value`. */
  readonly slice: string;
  readonly value?: number;
  readonly undefinedBecause?: string;
  readonly rows: number;
}

/**
 * Every metric of the task, in the catalogue's order.
 *
 * @param threshold probability at and above which a binary prediction is positive
 */
export function measure(predictions: Predictions, threshold: number, slice = ''): MetricOfSlice[] {
  const values = allMetrics(predictions, threshold);
  const rows = predictions.labels.length;
  return metricsOfTask(predictions.task).map(({ name }) => ({ name, slice, rows, ...values(name) }));
}

function allMetrics(predictions: Predictions, threshold: number): (name: string) => Measured {
  const unusable = unusableBecause(predictions);
  if (unusable !== undefined) return () => undefinedBecause(unusable);
  const byName = metricsByTask(predictions, threshold);
  return (name) => byName[name] ?? undefinedBecause('it is not measured for this task');
}

function metricsByTask(predictions: Predictions, threshold: number): Readonly<Record<string, Measured>> {
  switch (predictions.task) {
    case Task.BINARY:
      return binaryMetrics(predictions, threshold);
    case Task.MULTICLASS:
      return multiclassMetrics(predictions);
    case Task.REGRESSION:
      return regressionMetrics(predictions);
  }
}
