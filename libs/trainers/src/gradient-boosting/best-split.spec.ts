import type { FeatureMatrix } from '@refit/transforms';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bestSplit, type SplitRules } from './best-split.js';
import { binFeatures } from './bins.js';
import { fillHistogram, histogramOffsets, STRIDE } from './histogram.js';

interface Rows {
  readonly features: FeatureMatrix;
  readonly gradient: Float64Array;
  readonly hessian: Float64Array;
}

/** Every split of every feature at every value, with missing values on either side: the definition, row by row. */
function bruteForceGain({ features, gradient, hessian }: Rows, { l2, minimumRowsPerLeaf }: SplitRules): number {
  const rows = [...gradient.keys()];
  const score = (side: number[]) => side.reduce((g, i) => g + gradient[i], 0) ** 2 / (side.reduce((h, i) => h + hessian[i], 0) + l2);
  let best = 0;
  for (let f = 0; f < features.width; f++) {
    const value = (row: number) => features.values[f * features.rows + row];
    for (const threshold of rows.map(value).filter((v) => !Number.isNaN(v))) {
      for (const missingLeft of [false, true]) {
        const goesLeft = (row: number) => (Number.isNaN(value(row)) ? missingLeft : value(row) <= threshold);
        const left = rows.filter(goesLeft);
        const right = rows.filter((row) => !goesLeft(row));
        if (Math.min(left.length, right.length) < minimumRowsPerLeaf) continue;
        best = Math.max(best, score(left) + score(right) - score(rows));
      }
    }
  }
  return best;
}

function split({ features, gradient, hessian }: Rows, rules: SplitRules) {
  const data = binFeatures(features, 255, 0);
  const offsets = histogramOffsets(data);
  const histogram = new Float64Array(offsets[data.width] * STRIDE);
  fillHistogram(histogram, offsets, data, Uint32Array.from(gradient.keys()), gradient, hessian);
  const sum = (values: Float64Array) => values.reduce((a, b) => a + b, 0);
  return bestSplit(histogram, offsets, { gradient: sum(gradient), hessian: sum(hessian), rows: gradient.length }, rules);
}

const rowsOf = (width: number) =>
  fc.integer({ min: 4, max: 40 }).chain((rows) =>
    fc.record({
      values: fc.array(fc.oneof(fc.integer({ min: -5, max: 5 }), fc.constant(NaN)), { minLength: rows * width, maxLength: rows * width }),
      gradient: fc.array(fc.double({ min: -2, max: 2, noNaN: true }), { minLength: rows, maxLength: rows }),
      hessian: fc.array(fc.double({ min: 0.1, max: 1, noNaN: true }), { minLength: rows, maxLength: rows }),
    }).map((d): Rows => ({
      features: { rows, width, values: Float32Array.from(d.values) },
      gradient: Float64Array.from(d.gradient),
      hessian: Float64Array.from(d.hessian),
    })),
  );

describe('the best split', () => {
  it.each([1, 3, 4])('gains what a search over all rows gains, with %i features', (width) => {
    fc.assert(
      fc.property(rowsOf(width), fc.constantFrom({ l2: 0, minimumRowsPerLeaf: 1 }, { l2: 1.5, minimumRowsPerLeaf: 3 }), (rows, rules) => {
        const found = split(rows, rules)?.gain ?? 0;
        expect(Math.abs(found - bruteForceGain(rows, rules))).toBeLessThan(1e-8);
      }),
      { numRuns: 150, seed: 1 },
    );
  });

  it('sends missing values where they belong', () => {
    const features = { rows: 6, width: 1, values: Float32Array.of(1, 1, 2, 2, NaN, NaN) };
    const [low, high] = [-1, 1];
    const rules = { l2: 0, minimumRowsPerLeaf: 1 };
    const hessian = new Float64Array(6).fill(1);
    expect(split({ features, gradient: Float64Array.of(low, low, high, high, low, low), hessian }, rules)).toMatchObject({ bin: 0, missingLeft: true });
    expect(split({ features, gradient: Float64Array.of(low, low, high, high, high, high), hessian }, rules)).toMatchObject({ bin: 0, missingLeft: false });
  });
});
