import { objectiveOf } from '../objective.js';
import type { TrainingData, TrainingOptions } from '../training-data.js';
import { addScaled, designColumns, dot } from './design-columns.js';
import { minimize, type DifferentiableFunction } from './l-bfgs.js';
import type { LinearModel } from './linear-model.js';

export interface LinearSettings {
  /** Penalty λ. The same as scikit-learn's C = 1 / λ for classes and alpha = λ for numbers. */
  readonly l2: number;
  readonly maximumIterations: number;
}

export interface LinearFit {
  readonly model: LinearModel;
  readonly iterations: number;
  readonly converged: boolean;
}

const GRADIENT_TOLERANCE = 1e-6;

/**
 * Logistic regression, multinomial for more than two classes: minimises Σ log loss + λ/2 · ‖coefficients‖², the
 * intercepts without penalty (Hastie, Tibshirani and Friedman 2009, section 4.4), by L-BFGS from zero.
 */
export function logisticRegression({ task, classes, training }: TrainingData, settings: LinearSettings, { progress }: TrainingOptions): LinearFit {
  const { rows, width } = training.features;
  const { outputs } = objectiveOf(task, classes.length);
  const { x, iterations, converged } = minimize(penalizedLoss(task, classes.length, training, settings.l2), new Float64Array(outputs * (width + 1)), {
    maximumIterations: settings.maximumIterations,
    tolerance: GRADIENT_TOLERANCE,
    iterated: (iteration, loss) => progress(iteration / settings.maximumIterations, `iteration ${iteration}, loss ${loss.toFixed(4)} on ${rows} rows`),
  });
  const parameters = Array.from({ length: outputs }, (_, k) => [...x.subarray(k * (width + 1), (k + 1) * (width + 1))]);
  const model: LinearModel = { kind: 'linear', coefficients: parameters.map((p) => p.slice(0, width)), intercepts: parameters.map((p) => p[width]) };
  return { model, iterations, converged };
}

/** Per row, so that the tolerance means the same for any number of rows. x: per output its coefficients, then its intercept. */
function penalizedLoss(task: TrainingData['task'], classes: number, { features, target }: TrainingData['training'], l2: number): DifferentiableFunction {
  const { rows, width } = features;
  const objective = objectiveOf(task, classes);
  const columns = designColumns(features);
  const scores = new Float64Array(objective.outputs * rows);
  const slopes = new Float64Array(scores.length);
  const curvatures = new Float64Array(scores.length);
  return (x, gradient) => {
    for (let k = 0; k < objective.outputs; k++) {
      const out = scores.subarray(k * rows, (k + 1) * rows).fill(x[k * (width + 1) + width]);
      for (let f = 0; f < width; f++) addScaled(columns[f], x[k * (width + 1) + f], out);
    }
    objective.derivatives(scores, target, slopes, curvatures);
    let penalty = 0;
    for (let k = 0; k < objective.outputs; k++) {
      const slope = slopes.subarray(k * rows, (k + 1) * rows);
      for (let f = 0; f < width; f++) {
        const at = k * (width + 1) + f;
        gradient[at] = (dot(columns[f], slope) + l2 * x[at]) / rows;
        penalty += x[at] * x[at];
      }
      gradient[k * (width + 1) + width] = slope.reduce((sum, s) => sum + s, 0) / rows;
    }
    return objective.loss(scores, target) + (l2 * penalty) / (2 * rows);
  };
}
