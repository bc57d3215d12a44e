import { create, type MessageInitShape } from '@bufbuild/protobuf';
import { isRefitError, NumericImputation, FeaturesSchema, SplitKind, SplitSchema, TrainerKind, TrainerSchema, LabelSchema, type ErrorCode } from '@refit/contracts';
import { applyTransforms, fitTransforms, inputColumns, resolveLabel, splitRows, tableFromValues, type ColumnTable } from '@refit/transforms';
import { describe, expect, it } from 'vitest';
import { decodeModelArtifact, encodeModelArtifact, encodingOf, predict, train, type ModelArtifact } from './index.js';

const ROWS = 400;
const indices = Array.from({ length: ROWS }, (_, i) => i);

/** Orders whose size depends on the shop and grows with the price; a tenth of the prices are missing. */
const orders = tableFromValues({
  price: indices.map((i) => (i % 10 === 3 ? null : (i * 37) % 101)),
  shop: indices.map((i) => ['north', 'south', null][i % 3]),
  size: indices.map((i) => ((i * 37) % 101) * 2 + (i % 3 === 0 ? 100 : 0)),
  grade: indices.map((i) => ['low', 'middle', 'high'][i % 3]),
});

function learn(table: ColumnTable, label: MessageInitShape<typeof LabelSchema>, trainer: MessageInitShape<typeof TrainerSchema>): ModelArtifact {
  const spec = create(TrainerSchema, trainer);
  const resolved = resolveLabel(table, create(LabelSchema, label));
  const split = splitRows(table, resolved.rows, create(SplitSchema, { kind: SplitKind.RANDOM, salt: 's', testFraction: 0.2, validationFraction: 0.2 }));
  const features = create(FeaturesSchema, { standardize: true, maximumCategories: 10, numericImputation: NumericImputation.MEDIAN, excluded: label.column === 'grade' ? ['size'] : ['grade'] });
  const transforms = fitTransforms(table, split.training, { features, encoding: encodingOf(spec.kind), reserved: [{ column: String(label.column), reason: 'the label' }] });
  const part = (rows: Uint32Array) => ({ features: applyTransforms(transforms, table, rows), target: Float64Array.from(rows, (row) => resolved.target[row]) });
  const data = { ...resolved.definition, training: part(split.training), validation: part(split.validation) };
  const { model, parameters } = train(data, spec, { progress: () => undefined });
  return { format: 'refit/model/v1', label: resolved.definition, signature: { inputs: inputColumns(transforms) }, transforms, model, parameters, seed: spec.seed };
}

const all = Uint32Array.from(indices);
const trainers: [string, MessageInitShape<typeof TrainerSchema>][] = [
  ['linear', { kind: TrainerKind.LINEAR, linear: { l2: 0.01, maximumIterations: 200 } }],
  ['gradient boosting', { kind: TrainerKind.GRADIENT_BOOSTING, gradientBoosting: { trees: 60, leaves: 15, learningRate: 0.2, bins: 255, minimumRowsPerLeaf: 5, l2: 0 } }],
];

describe.each(trainers)('a %s model', (_, trainer) => {
  it('predicts numbers', () => {
    const predictions = predict(learn(orders, { column: 'size' }, trainer), orders, all);
    const size = orders.columns.get('size');
    const known = indices.filter((i) => i % 10 !== 3);
    const errors = known.map((i) => Math.abs(predictions[i] - (size?.kind === 'number' ? size.values[i] : NaN)));
    // The sizes spread over 0 to 300; with price and shop known there is nothing left to guess.
    expect(errors.reduce((a, b) => a + b) / errors.length).toBeLessThan(10);
  });

  it('predicts the probability of the positive class', () => {
    const artifact = learn(orders, { column: 'size', above: 150 }, trainer);
    expect(artifact.label.classes).toEqual(['size <= 150', 'size > 150']);
    const probabilities = predict(artifact, orders, all);
    const size = orders.columns.get('size');
    const known = indices.filter((i) => i % 10 !== 3);
    const correct = known.filter((i) => probabilities[i] > 0.5 === (size?.kind === 'number' && size.values[i] > 150));
    expect(correct.length / known.length).toBeGreaterThan(0.95);
  });

  it('predicts a probability per class, row by row', () => {
    const artifact = learn(orders, { column: 'grade' }, trainer);
    expect(artifact.label.classes).toEqual(['high', 'low', 'middle']);
    const probabilities = predict(artifact, orders, Uint32Array.of(0, 1, 2));
    // The grade follows from the shop: north low, south middle, unknown high.
    const likeliest = [0, 1, 2].map((row) => [0, 1, 2].find((k) => probabilities[row * 3 + k] > 0.5));
    expect(likeliest).toEqual([1, 2, 0]);
    for (const row of [0, 3, 6]) expect(probabilities[row] + probabilities[row + 1] + probabilities[row + 2]).toBeCloseTo(1, 12);
  });

  it('predicts the same after it was stored, and is the same bytes when trained again', () => {
    const artifact = learn(orders, { column: 'size', above: 150 }, trainer);
    const bytes = encodeModelArtifact(artifact);
    expect(predict(decodeModelArtifact(bytes), orders, all)).toEqual(predict(artifact, orders, all));
    expect(encodeModelArtifact(learn(orders, { column: 'size', above: 150 }, trainer))).toEqual(bytes);
  });

  it('predicts for categories it has never seen', () => {
    const artifact = learn(orders, { column: 'size' }, trainer);
    const [prediction] = predict(artifact, tableFromValues({ price: [50], shop: ['west'] }), Uint32Array.of(0));
    expect(prediction).toBeGreaterThan(0);
    expect(prediction).toBeLessThan(300);
  });
});

it.each<[ErrorCode, MessageInitShape<typeof TrainerSchema>]>([
  ['REQUEST_INVALID', {}],
  ['REQUEST_INVALID', { kind: TrainerKind.GRADIENT_BOOSTING, gradientBoosting: { bins: 256 } }],
  ['REQUEST_INVALID', { kind: TrainerKind.GRADIENT_BOOSTING, gradientBoosting: { leaves: 1 } }],
])('refuses with %s a trainer that cannot train: %o', (code, trainer) => {
  let failure: unknown;
  try {
    learn(orders, { column: 'size' }, trainer);
  } catch (error) {
    failure = error;
  }
  expect(isRefitError(failure, code)).toBe(true);
});

it('refuses bytes that are not a model', () => {
  expect(() => decodeModelArtifact(new TextEncoder().encode('{"format":"refit/transforms/v1"}'))).toThrow('found refit/transforms/v1');
  expect(() => decodeModelArtifact(Uint8Array.of(1, 2))).toThrow('not JSON');
});
