import type { LabelledFeatures } from '../training-data.js';
import { addScaled, designColumns, dot, type DesignColumn } from './design-columns.js';
import type { LinearFit } from './logistic-regression.js';
import { solvePositive } from './cholesky.js';

/**
 * Least squares with penalty: minimises ‖y − Xw − b‖² + λ‖w‖², the intercept b without penalty, by the normal equations
 * of the centred data (Hastie, Tibshirani and Friedman 2009, equation 3.44).
 */
export function ridgeRegression({ features, target }: LabelledFeatures, l2: number): LinearFit {
  const { rows, width } = features;
  const columns = designColumns(features);
  const ones = new Float64Array(rows).fill(1);
  const means = columns.map((column) => dot(column, ones) / rows);
  const targetMean = target.reduce((sum, y) => sum + y, 0) / rows;
  const gram = new Float64Array(width * width);
  const moments = new Float64Array(width);
  columns.forEach((column, i) => {
    const values = expanded(column, rows);
    for (let j = 0; j <= i; j++) gram[i * width + j] = dot(columns[j], values) - rows * means[i] * means[j];
    gram[i * width + i] += l2;
    moments[i] = dot(column, target) - rows * means[i] * targetMean;
  });
  const coefficients = [...solvePositive(gram, moments)];
  const intercept = coefficients.reduce((sum, w, i) => sum - w * means[i], targetMean);
  return { model: { kind: 'linear', coefficients: [coefficients], intercepts: [intercept] }, iterations: 1, converged: true };
}

function expanded(column: DesignColumn, rows: number): Float64Array {
  const values = new Float64Array(rows);
  addScaled(column, 1, values);
  return values;
}
