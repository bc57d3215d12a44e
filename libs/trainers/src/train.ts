import { RefitError, TrainerKind, type Trainer } from '@refit/contracts';
import { boost } from './gradient-boosting/boost.js';
import { logisticRegression } from './linear/logistic-regression.js';
import { ridgeRegression } from './linear/ridge-regression.js';
import { linearScores } from './linear/linear-model.js';
import type { ModelArtifact } from './model-artifact.js';
import { objectiveOf } from './objective.js';
import { gradientBoostingSettings, linearSettings, requireKnownTrainer } from './trainer-settings.js';
import type { LabelledFeatures, TrainingData, TrainingMetric, TrainingOptions } from './training-data.js';

export interface TrainedModel {
  readonly model: ModelArtifact['model'];
  /** Every parameter as it was used. */
  readonly parameters: Readonly<Record<string, number>>;
  readonly metrics: readonly TrainingMetric[];
}

/**
 * Trains as the pipeline's trainer says. The same data, specification and seed give the same model, bit by bit.
 *
 * @throws RefitError REQUEST_INVALID for a parameter out of range, TRAINING_FAILED when the loss is no number
 */
export function train(data: TrainingData, spec: Trainer, options: TrainingOptions): TrainedModel {
  requireKnownTrainer(spec);
  const trained = spec.kind === TrainerKind.LINEAR ? trainLinear(data, spec, options) : trainGradientBoosting(data, spec, options);
  const broken = trained.metrics.find(({ value }) => !Number.isFinite(value));
  if (broken) throw new RefitError('TRAINING_FAILED', `${broken.name} is ${broken.value}: a feature or the label has values too large to learn from, or the penalty is too small`);
  return trained;
}

function trainLinear(data: TrainingData, spec: Trainer, options: TrainingOptions): TrainedModel {
  const settings = linearSettings(spec.linear);
  const fit = data.task === 'regression' ? ridgeRegression(data.training, settings.l2) : logisticRegression(data, settings, options);
  const objective = objectiveOf(data.task, data.classes.length);
  const loss = ({ features, target }: LabelledFeatures) => (target.length > 0 ? objective.loss(linearScores(fit.model, features), target) : undefined);
  return {
    model: fit.model,
    parameters: { ...settings },
    metrics: [
      ...lossMetrics(data, loss(data.training), loss(data.validation)),
      { name: 'iterations', value: fit.iterations, rows: data.training.target.length },
      { name: 'converged', value: Number(fit.converged), rows: data.training.target.length },
    ],
  };
}

function trainGradientBoosting(data: TrainingData, spec: Trainer, options: TrainingOptions): TrainedModel {
  const settings = gradientBoostingSettings(spec.gradientBoosting);
  const { model, trainingLoss, validationLoss } = boost(data, settings, spec.seed, options);
  return {
    model,
    parameters: { ...settings },
    metrics: [...lossMetrics(data, trainingLoss, validationLoss), { name: 'trees', value: model.rounds.length, rows: data.training.target.length }],
  };
}

/** Log loss for classes; root of the mean squared error for numbers. */
function lossMetrics(data: TrainingData, training: number | undefined, validation: number | undefined): TrainingMetric[] {
  const [name, shown] = data.task === 'regression' ? ['rmse', (loss: number) => Math.sqrt(2 * loss)] as const : ['logLoss', (loss: number) => loss] as const;
  return [
    { part: 'training', loss: training, rows: data.training.target.length },
    { part: 'validation', loss: validation, rows: data.validation.target.length },
  ].flatMap(({ part, loss, rows }) => (loss === undefined ? [] : [{ name: `${part}.${name}`, value: shown(loss), rows }]));
}
