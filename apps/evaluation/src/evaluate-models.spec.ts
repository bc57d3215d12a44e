import { event, SplitKind, SplitMembershipSchema, SplitSchema, type SplitMembership } from '@refit/contracts';
import type { MetricOfSlice } from '@refit/model-validation';
import { predict } from '@refit/trainers';
import { splitRows, tableFromValues, type LabelDefinition } from '@refit/transforms';
import { describe, expect, it } from 'vitest';
import { evaluatedColumns, evaluateModels } from './evaluate-models.js';
import type { EvaluationSettings } from './evaluation.js';
import { predictRows } from './predict-rows.js';
import { linearArtifact } from './testing/linear-artifact.js';

const settings: EvaluationSettings = { threshold: 0.5, slices: [], minimumSliceRows: 1, gated: [], compared: [], booleans: new Set() };
const valueOf = (metrics: readonly MetricOfSlice[] | undefined, name: string, slice = '') => metrics?.find((m) => m.name === name && m.slice === slice)?.value;
const trainedBetween = (from: number, until: number): SplitMembership =>
  event(SplitMembershipSchema, { kind: SplitKind.TIME, column: 'at', trainingFrom: from, trainingUntil: until });

// Ten rows in time, x counts them; y is what a model should say.
const y: LabelDefinition = { column: 'y', task: 'regression', classes: [] };
const ten = Array.from({ length: 10 }, (_, i) => i);
const table = tableFromValues({ at: ten.map((i) => new Date(i)), x: ten, y: ten, half: ten.map((i) => (i % 2 ? 'odd' : 'even')) });

describe('a challenger', () => {
  it('is measured on the rows that it was not trained on', () => {
    const challenger = { artifact: linearArtifact(y, { intercepts: [1], slopes: [2] }), membership: trainedBetween(0, 6) };
    const { testRows, metrics, comparison } = evaluateModels(table, challenger, undefined, settings);
    // On rows 7, 8 and 9 it says 2x + 1: errors of 8, 9 and 10.
    expect(testRows).toBe(3);
    expect(valueOf(metrics, 'bias')).toBe(9);
    expect(valueOf(metrics, 'rmse')).toBeCloseTo(Math.sqrt((64 + 81 + 100) / 3), 12);
    expect(comparison).toBeUndefined();
  });

  it('is measured on labelled rows only', () => {
    const holed = tableFromValues({ at: ten.map((i) => new Date(i)), x: ten, y: ten.map((i) => (i === 8 ? null : i)) });
    const { testRows } = evaluateModels(holed, { artifact: linearArtifact(y), membership: trainedBetween(0, 6) }, undefined, settings);
    expect(testRows).toBe(2);
  });

  it('is measured per slice, with the small ones named', () => {
    const { metrics, smallSlices } = evaluateModels(
      table, { artifact: linearArtifact(y, { intercepts: [5] }), membership: trainedBetween(0, 6) }, undefined,
      { ...settings, slices: ['half'], minimumSliceRows: 2 },
    );
    expect(metrics.find((m) => m.slice === 'half=odd' && m.name === 'bias')).toEqual({ name: 'bias', slice: 'half=odd', rows: 2, value: 5 });
    expect(smallSlices).toEqual(['half=even']);
  });
});

describe('a comparison', () => {
  const challenger = { artifact: linearArtifact(y, { intercepts: [1] }), membership: trainedBetween(0, 5) };

  it('leaves out the rows that the champion was trained on', () => {
    const champion = { artifact: linearArtifact(y, { intercepts: [3] }), membership: trainedBetween(-5, 7) };
    const { testRows, comparison } = evaluateModels(table, challenger, champion, settings);
    expect(testRows).toBe(4);
    expect(comparison).toMatchObject({ rows: 2, impossibleBecause: '' });
    expect(comparison?.challenger.every((m) => m.rows === 2) && comparison.champion.every((m) => m.rows === 2)).toBe(true);
    expect([valueOf(comparison?.challenger, 'bias'), valueOf(comparison?.champion, 'bias')]).toEqual([1, 3]);
  });

  it('takes only rows that fall to the test of both, when hash splits differ', () => {
    const key = Array.from({ length: 500 }, (_, i) => i);
    const many = tableFromValues({ x: key, y: key, key: key.map((i) => `k${i % 400}`) });
    const all = Uint32Array.from(key);
    const splitBy = (salt: string, testFraction: number) =>
      splitRows(many, all, event(SplitSchema, { kind: SplitKind.HASH, column: 'key', salt, testFraction, validationFraction: 0.1 }));
    const [own, champions] = [splitBy('one', 0.4), splitBy('two', 0.3)];
    const inBoth = [...own.test].filter((row) => champions.test.includes(row));
    const { testRows, comparison } = evaluateModels(
      many, { artifact: linearArtifact(y), membership: own.membership }, { artifact: linearArtifact(y), membership: champions.membership }, settings,
    );
    expect(testRows).toBe(own.test.length);
    expect(inBoth.length).toBeGreaterThan(20);
    expect(comparison?.rows).toBe(inBoth.length);
  });

  it('has no rows when nobody can tell which ones the champion saw', () => {
    const elsewhere = event(SplitMembershipSchema, { kind: SplitKind.HASH, column: 'customer', salt: 's', testBelow: 0.5 });
    const { comparison } = evaluateModels(table, challenger, { artifact: linearArtifact(y), membership: elsewhere }, settings);
    expect(comparison).toMatchObject({ rows: 0, impossibleBecause: '' });
    expect(comparison?.champion.every((m) => m.value === undefined && m.undefinedBecause === 'there are no rows')).toBe(true);
  });

  it('holds the slices that gates compare, and names those with too few rows', () => {
    const compared = [{ metric: 'mae', slice: 'half=odd' }, { metric: 'mae', slice: 'half=even' }];
    const { comparison, smallSlices } = evaluateModels(
      table, challenger, { artifact: linearArtifact(y, { intercepts: [3] }), membership: trainedBetween(0, 6) },
      { ...settings, slices: ['half'], minimumSliceRows: 2, compared },
    );
    expect(comparison?.rows).toBe(3);
    expect([valueOf(comparison?.challenger, 'mae', 'half=odd'), valueOf(comparison?.champion, 'mae', 'half=odd')]).toEqual([1, 3]);
    expect(comparison?.challenger.filter((m) => m.slice !== '')).toHaveLength(1);
    expect(smallSlices).toEqual(['half=even']);
  });

  const binary = (above: number): LabelDefinition => ({ column: 'y', above, task: 'binary', classes: [`y <= ${above}`, `y > ${above}`] });
  const kinds = (...classes: string[]): LabelDefinition => ({ column: 'half', task: 'multiclass', classes });
  it.each([
    ['another task', y, binary(5), 'it is a model for binary, this one for regression'],
    ['another label', y, { ...y, column: 'x' }, 'it predicts x, this one y'],
    ['another threshold of the label', binary(5), binary(6), 'it predicts y > 6, this one y > 5'],
    ['other classes', kinds('even', 'odd', 'zero'), kinds('even', 'odd'), 'it tells apart even, odd, this one even, odd, zero'],
  ])('is impossible with a champion of %s', (_, own, champions, why) => {
    const width = (label: LabelDefinition) => ({ intercepts: label.classes.length > 2 ? [0, 0, 0] : [0], slopes: label.classes.length > 2 ? [1, 1, 1] : [1] });
    const { comparison, metrics } = evaluateModels(
      table, { artifact: linearArtifact(own, width(own)), membership: trainedBetween(0, 5) },
      { artifact: linearArtifact(champions, width(champions)), membership: trainedBetween(0, 5) }, settings,
    );
    expect(comparison).toEqual({ rows: 0, challenger: [], champion: [], impossibleBecause: why });
    expect(metrics.length).toBeGreaterThan(3);
  });

  it('is impossible with a champion that needs a column which the data no longer has', () => {
    const champion = { artifact: linearArtifact(y, { column: 'gone' }), membership: trainedBetween(0, 5) };
    const { comparison } = evaluateModels(table, challenger, champion, settings);
    expect(comparison?.impossibleBecause).toBe('the data has no column "gone", which the model needs');
  });
});

it('reads the columns that the models, their splits, the label and the slices need, as far as the snapshot has them', () => {
  const champion = { artifact: linearArtifact(y, { column: 'gone' }), membership: event(SplitMembershipSchema, { kind: SplitKind.RANDOM, columns: ['w', 'x'] }) };
  const columns = evaluatedColumns(['at', 'half', 'other', 'w', 'x', 'y'], [{ artifact: linearArtifact(y), membership: trainedBetween(0, 1) }, champion], ['half']);
  expect(columns).toEqual(['at', 'half', 'w', 'x', 'y']);
});

it('predicts many rows in parts as it would at once', () => {
  const rows = Uint32Array.from({ length: 20_000 }, (_, i) => 19_999 - i);
  const large = tableFromValues({ x: [...rows].map((i) => Math.sin(i)), y: [...rows].map((i) => i % 3) });
  const label: LabelDefinition = { column: 'y', task: 'multiclass', classes: ['0', '1', '2'] };
  const artifact = linearArtifact(label, { intercepts: [0, 0.2, -0.1], slopes: [1, -1, 0.5] });
  const predictions = predictRows(artifact, large, rows, Float64Array.from(rows, (i) => i % 3));
  const inParts = 'probabilities' in predictions ? predictions.probabilities : [];
  expect(inParts.length).toBe(60_000);
  expect(predict(artifact, large, rows).every((p, i) => p === inParts[i])).toBe(true);
});
