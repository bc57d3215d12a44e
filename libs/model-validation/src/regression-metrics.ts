import { measured, undefinedBecause, type Measured } from './measured.js';
import type { RegressionPredictions } from './predictions.js';

export function regressionMetrics(p: RegressionPredictions): Readonly<Record<string, Measured>> {
  const squared = meanOver(p, (error) => error * error);
  return {
    rmse: measured(Math.sqrt(squared)),
    mae: measured(meanOver(p, Math.abs)),
    r2: rSquared(p, squared),
    bias: measured(meanOver(p, (error) => error)),
    mape: meanAbsolutePercentageError(p),
  };
}

/** Coefficient of determination, 1 − residual / total sum of squares, about the mean of these labels. */
function rSquared({ labels }: RegressionPredictions, meanSquaredError: number): Measured {
  let mean = 0;
  for (const y of labels) mean += y / labels.length;
  let variance = 0;
  for (const y of labels) variance += (y - mean) ** 2 / labels.length;
  const constant = labels.every((y) => y === labels[0]); // its mean may be off by rounding, so no test for variance 0
  return constant ? undefinedBecause('all labels are equal') : measured(1 - meanSquaredError / variance);
}

/** Mean of |error / label|, as a fraction: 0.1 is ten percent. */
function meanAbsolutePercentageError(p: RegressionPredictions): Measured {
  let zeros = 0;
  for (const y of p.labels) if (y === 0) zeros += 1;
  if (zeros > 0) return undefinedBecause(`${zeros} labels are zero`);
  return measured(meanOver(p, (error, label) => Math.abs(error / label)));
}

/** Errors are prediction − label. */
function meanOver({ labels, predictions }: RegressionPredictions, of: (error: number, label: number) => number): number {
  let sum = 0;
  for (let row = 0; row < labels.length; row += 1) {
    const label = labels[row] ?? NaN;
    sum += of((predictions[row] ?? NaN) - label, label);
  }
  return sum / labels.length;
}
