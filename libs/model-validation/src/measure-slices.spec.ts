import { Task } from '@refit/contracts';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { measure } from './measure.js';
import { measureSlices } from './measure-slices.js';
import { selectPredictions, type Predictions } from './predictions.js';
import { sliceRows, type SliceColumn } from './slice-rows.js';

const predictions: Predictions = {
  task: Task.BINARY,
  labels: Float64Array.of(1, 0, 1, 0, 1, 0, 1),
  probabilities: Float64Array.of(0.9, 0.1, 0.4, 0.6, 0.7, 0.2, 0.8),
};
const origin: SliceColumn = { name: 'origin', codes: Int32Array.of(0, 0, 1, 1, 0, -1, 2), values: ['ATL', 'BOS', 'DFW'] };

describe('the rows of a column’s values', () => {
  it('lie together, the most frequent value first, missing values as a slice of their own', () => {
    expect(sliceRows(origin).map((s) => [s.name, [...s.rows]])).toEqual([
      ['origin=ATL', [0, 1, 4]],
      ['origin=BOS', [2, 3]],
      ['origin=(missing)', [5]],
      ['origin=DFW', [6]],
    ]);
  });

  it('are each row exactly once, whatever the codes', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -1, max: 5 })), (codes) => {
        const slices = sliceRows({ name: 'c', codes: Int32Array.from(codes), values: ['a', 'b', 'c', 'd', 'e', 'f'] });
        expect(slices.flatMap((s) => [...s.rows]).sort((a, b) => a - b)).toEqual(codes.map((_, i) => i));
        for (const slice of slices) expect(new Set([...slice.rows].map((row) => codes[row])).size).toBe(1);
      }),
    );
  });
});

describe('metrics per slice', () => {
  const request = { columns: [origin], threshold: 0.5, minimumRows: 2, gated: [] };

  it('are those of the slice’s rows alone', () => {
    const { metrics } = measureSlices(predictions, request);
    const alone = measure(selectPredictions(predictions, Int32Array.of(2, 3)), 0.5, 'origin=BOS');
    const ofBoston = metrics.filter((m) => m.slice === 'origin=BOS');
    expect(ofBoston.map((m) => m.name)).toEqual(['rocAuc', 'logLoss', 'accuracy']);
    for (const metric of ofBoston) expect(alone).toContainEqual(metric);
  });

  it('are left out where there are too few rows, and the slice is named', () => {
    const { metrics, small } = measureSlices(predictions, request);
    expect(new Set(metrics.map((m) => m.slice))).toEqual(new Set(['origin=ATL', 'origin=BOS']));
    expect(small).toEqual(['origin=(missing)', 'origin=DFW']);
  });

  it('also hold what a gate asks of one slice', () => {
    const { metrics } = measureSlices(predictions, { ...request, gated: [{ metric: 'recall', slice: 'origin=ATL' }] });
    expect(metrics.filter((m) => m.name === 'recall')).toEqual([{ name: 'recall', slice: 'origin=ATL', rows: 3, value: 1 }]);
  });

  it('can be kept to what gates ask for', () => {
    const { metrics, small } = measureSlices(predictions, {
      ...request, onlyGated: true, gated: [{ metric: 'recall', slice: 'origin=ATL' }, { metric: 'recall', slice: 'origin=DFW' }, { metric: 'f1', slice: '' }],
    });
    expect(metrics).toEqual([{ name: 'recall', slice: 'origin=ATL', rows: 3, value: 1 }]);
    expect(small).toEqual(['origin=DFW']);
  });

  it('are bounded to the largest slices, but never without those that gates name', () => {
    const rows = 3000;
    const codes = Int32Array.from({ length: rows }, (_, i) => Math.floor(Math.sqrt(i)));
    const values = Array.from({ length: 60 }, (_, i) => `v${i}`);
    const many: Predictions = { task: Task.REGRESSION, labels: Float64Array.from(codes, (_, i) => i), predictions: new Float64Array(rows) };
    const { metrics, small } = measureSlices(many, {
      columns: [{ name: 'c', codes, values }], threshold: 0.5, minimumRows: 10,
      gated: [{ metric: 'mape', slice: 'c=v6' }, { metric: 'rmse', slice: 'c=v2' }],
    });
    const slices = [...new Set(metrics.map((m) => m.slice))];
    expect(slices).toHaveLength(21);
    expect(slices.slice(0, 2)).toEqual(['c=v6', 'c=v53']);
    expect(small).toEqual(['c=v2', 'c=v4', 'c=v3', 'c=v1', 'c=v0']);
  });
});
