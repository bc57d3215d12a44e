import { RefitError, TrainerKind, type GradientBoostingParameters, type LinearParameters, type Trainer } from '@refit/contracts';
import type { Encoding } from '@refit/transforms';
import type { GradientBoostingSettings } from './gradient-boosting/boost.js';
import type { LinearSettings } from './linear/logistic-regression.js';

/** How a trainer wants categories and missing values. */
export const encodingOf = (kind: TrainerKind): Encoding => (kind === TrainerKind.LINEAR ? 'one-hot' : 'ordinal');

/** Parameters as they will be used; what the specification leaves out has its default here. */
export const linearSettings = (spec: LinearParameters | undefined): LinearSettings => ({
  l2: spec?.l2 ?? 1,
  maximumIterations: spec?.maximumIterations || 200,
});

/** @throws RefitError REQUEST_INVALID when a parameter is out of its range */
export function gradientBoostingSettings(spec: GradientBoostingParameters | undefined): GradientBoostingSettings {
  const settings = {
    trees: spec?.trees || 100,
    leaves: spec?.leaves || 31,
    learningRate: spec?.learningRate || 0.1,
    bins: spec?.bins || 255,
    minimumRowsPerLeaf: spec?.minimumRowsPerLeaf || 20,
    l2: spec?.l2 ?? 0,
    earlyStoppingRounds: spec?.earlyStoppingRounds ?? 10,
  };
  requireWithin('bins', settings.bins, 2, 255);
  requireWithin('leaves', settings.leaves, 2, 4096);
  requireWithin('trees', settings.trees, 1, 10_000);
  requireWithin('learningRate', settings.learningRate, Number.MIN_VALUE, 1);
  return settings;
}

export function requireKnownTrainer({ kind }: Trainer): void {
  if (kind !== TrainerKind.LINEAR && kind !== TrainerKind.GRADIENT_BOOSTING) {
    throw new RefitError('REQUEST_INVALID', `the pipeline names no trainer that this version knows (${kind}); it knows linear and gradient boosting`);
  }
}

function requireWithin(name: string, value: number, least: number, most: number): void {
  if (!(value >= least && value <= most)) throw new RefitError('REQUEST_INVALID', `gradient boosting: ${name} is ${value}, but must lie within ${least} and ${most}`);
}
