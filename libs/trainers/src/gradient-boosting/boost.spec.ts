import { describe, expect, it } from 'vitest';
import reference from '../scikit-learn.reference.json' with { type: 'json' };
import { objectiveOf } from '../objective.js';
import { referenceRows, rowsFrom, trainingData, withGaps } from '../testing/reference-data.js';
import { binFeatures } from './bins.js';
import { boost, type GradientBoostingSettings } from './boost.js';
import { gradientBoostingScores } from './gradient-boosting-model.js';
import { TreeGrower } from './grow-tree.js';
import { addTree } from './tree.js';

const settings: GradientBoostingSettings = { trees: 60, leaves: 15, learningRate: 0.1, bins: 255, minimumRowsPerLeaf: 20, l2: 1, earlyStoppingRounds: 0 };
const options = { progress: () => undefined };
const rows = referenceRows(4000, 7);
const features = withGaps(rows.features);

/** The area under the ROC curve as the share of (positive, negative) pairs in the right order (Mann and Whitney). */
function rocAuc(scores: Float64Array, target: Float64Array): number {
  const [positives, negatives] = [1, 0].map((label) => scores.filter((_, i) => target[i] === label));
  let ordered = 0;
  for (const p of positives) for (const n of negatives) ordered += p > n ? 1 : p === n ? 0.5 : 0;
  return ordered / (positives.length * negatives.length);
}

describe('gradient boosting', () => {
  it('is as good as HistGradientBoostingClassifier with the same settings', () => {
    const all = { features, target: rows.binary };
    const test = rowsFrom(all, 3000, 4000);
    const { model } = boost(trainingData('binary', rowsFrom(all, 0, 3000)), settings, 0, options);
    const scores = gradientBoostingScores(model, test.features);
    expect(Math.abs(rocAuc(scores, test.target) - reference.gradientBoosting.rocAuc)).toBeLessThan(0.01);
    expect(Math.abs(objectiveOf('binary', 2).loss(scores, test.target) - reference.gradientBoosting.logLoss)).toBeLessThan(0.01);
  });

  it('is as good as HistGradientBoostingRegressor with the same settings', () => {
    const all = { features, target: rows.number };
    const test = rowsFrom(all, 3000, 4000);
    const { model } = boost(trainingData('regression', rowsFrom(all, 0, 3000)), settings, 0, options);
    const rmse = Math.sqrt(2 * objectiveOf('regression', 0).loss(gradientBoostingScores(model, test.features), test.target));
    expect(Math.abs(rmse - reference.gradientBoosting.rmse)).toBeLessThan(0.01);
  });

  it('tells three classes apart better than their frequencies do', () => {
    const all = { features, target: rows.three };
    const test = rowsFrom(all, 3000, 4000);
    const { model } = boost(trainingData('multiclass', rowsFrom(all, 0, 3000)), { ...settings, trees: 20 }, 0, options);
    const objective = objectiveOf('multiclass', 3);
    const accuracy = objective.predictions(gradientBoostingScores(model, test.features));
    const correct = test.target.filter((label, i) => [0, 1, 2].every((k) => accuracy[i * 3 + k] <= accuracy[i * 3 + label])).length;
    expect(correct / test.target.length).toBeGreaterThan(0.7);
  });

  it('stops early at the round of the best validation loss', () => {
    const all = { features, target: rows.binary };
    const validation = rowsFrom(all, 3000, 4000);
    const data = trainingData('binary', rowsFrom(all, 0, 500), validation);
    const stopped = boost(data, { ...settings, learningRate: 0.5, earlyStoppingRounds: 5 }, 0, options);
    const complete = boost(data, { ...settings, learningRate: 0.5 }, 0, options);
    expect(stopped.model.rounds.length).toBeLessThan(complete.model.rounds.length);
    const lossAfter = (rounds: number) =>
      objectiveOf('binary', 2).loss(gradientBoostingScores({ ...complete.model, rounds: complete.model.rounds.slice(0, rounds) }, validation.features), validation.target);
    expect(stopped.validationLoss).toBeCloseTo(lossAfter(stopped.model.rounds.length), 10);
    for (let more = 1; more <= 5; more++) expect(lossAfter(stopped.model.rounds.length + more)).toBeGreaterThanOrEqual(stopped.validationLoss ?? NaN);
  });

  it('gives the same model for the same seed', () => {
    const data = trainingData('binary', { features, target: rows.binary });
    expect(boost(data, settings, 0, options)).toEqual(boost(data, settings, 0, options));
  });
});

describe('a grown tree', () => {
  const grown = (rules: Partial<GradientBoostingSettings>) => {
    const scores = new Float64Array(4000);
    const tree = new TreeGrower(binFeatures(features, 64, 0), { ...settings, ...rules }).grow(rows.binary.map((y) => 0.5 - y), new Float64Array(4000).fill(0.25), scores);
    return { tree, scores };
  };

  it('says for each row what growing it said', () => {
    const { tree, scores } = grown({});
    const again = new Float64Array(4000);
    addTree(tree, features, again);
    expect(again).toEqual(scores);
  });

  it('has no more leaves than it may, and no leaf with fewer rows than it must', () => {
    const { tree, scores } = grown({ leaves: 9, minimumRowsPerLeaf: 100 });
    expect(tree.feature.filter((feature) => feature < 0)).toHaveLength(9);
    for (const value of new Set(scores)) expect(scores.filter((score) => score === value).length).toBeGreaterThanOrEqual(100);
  });
});
