import { objectiveOf } from '../objective.js';
import type { TrainingData, TrainingOptions } from '../training-data.js';
import { binFeatures } from './bins.js';
import { addRound, constantScores, gradientBoostingScores, type GradientBoostingModel } from './gradient-boosting-model.js';
import { TreeGrower, type GrowthRules } from './grow-tree.js';
import type { Tree } from './tree.js';

export interface GradientBoostingSettings extends GrowthRules {
  /** Most rounds; a round is a tree per output. */
  readonly trees: number;
  readonly bins: number;
  /** Rounds without a better validation loss after which it stops; 0: never. */
  readonly earlyStoppingRounds: number;
}

export interface BoostedModel {
  readonly model: GradientBoostingModel;
  readonly trainingLoss: number;
  /** Undefined without validation rows. */
  readonly validationLoss: number | undefined;
}

/**
 * Gradient boosting on histograms (Friedman 2001 with the second-order leaf values of Chen and Guestrin 2016). With
 * early stopping the model ends at the round of its best validation loss.
 *
 * The seed decides which rows the bin thresholds are computed from when there are many.
 */
export function boost(data: TrainingData, settings: GradientBoostingSettings, seed: number, { progress }: TrainingOptions): BoostedModel {
  const { training, validation } = data;
  const { rows } = training.features;
  const objective = objectiveOf(data.task, data.classes.length);
  const constants = objective.constants(training.target);
  const grower = new TreeGrower(binFeatures(training.features, settings.bins, seed), settings);
  const scores = constantScores(constants, rows);
  const heldOut = constantScores(constants, validation.features.rows);
  const gradient = new Float64Array(scores.length);
  const hessian = new Float64Array(scores.length);
  const validationLoss = () => (validation.target.length > 0 ? objective.loss(heldOut, validation.target) : undefined);

  const rounds: Tree[][] = [];
  let best = { rounds: 0, loss: validationLoss() };
  while (rounds.length < settings.trees) {
    objective.derivatives(scores, training.target, gradient, hessian);
    const trees = Array.from({ length: objective.outputs }, (_, k) => {
      const [start, end] = [k * rows, (k + 1) * rows];
      return grower.grow(gradient.subarray(start, end), hessian.subarray(start, end), scores.subarray(start, end));
    });
    if (trees.every((tree) => tree.feature.length === 1)) break; // nothing left to split
    rounds.push(trees);
    addRound(trees, validation.features, heldOut);
    const loss = validationLoss();
    if (settings.earlyStoppingRounds === 0 || isBetter(loss, best.loss)) best = { rounds: rounds.length, loss };
    else if (rounds.length - best.rounds >= settings.earlyStoppingRounds) break;
    progress(rounds.length / settings.trees, `tree ${rounds.length} of ${settings.trees}${loss === undefined ? '' : `, validation loss ${loss.toFixed(4)}`}`);
  }
  const model: GradientBoostingModel = { kind: 'gradient-boosting', constants: [...constants], rounds: rounds.slice(0, best.rounds) };
  const ofModel = best.rounds === rounds.length ? scores : gradientBoostingScores(model, training.features);
  return { model, trainingLoss: objective.loss(ofModel, training.target), validationLoss: best.loss };
}

/** Without validation rows there is nothing to stop early for. */
const isBetter = (now: number | undefined, before: number | undefined) => now === undefined || before === undefined || now < before;
