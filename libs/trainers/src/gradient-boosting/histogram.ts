import type { BinnedFeatures } from './bins.js';

/** Sums over a set of rows per feature and bin: gradient, hessian and number of rows, side by side. */
export type Histogram = Float64Array;

export const STRIDE = 3;

/** Where each feature's bins start in a histogram, in bins; the last entry is the number of all bins. */
export function histogramOffsets({ thresholds }: BinnedFeatures): Uint32Array {
  const offsets = new Uint32Array(thresholds.length + 1);
  thresholds.forEach((edges, feature) => (offsets[feature + 1] = offsets[feature] + edges.length + 2));
  return offsets;
}

/**
 * Fills a histogram of these rows.
 *
 * @param gradient and hessian, of each of `rows` in their order (not of the whole table: that order is read once per feature)
 */
export function fillHistogram(
  histogram: Histogram, offsets: Uint32Array, data: BinnedFeatures, rows: Uint32Array, gradient: Float64Array, hessian: Float64Array,
): void {
  histogram.fill(0);
  for (let feature = 0; feature < data.width; feature++) {
    const bins = data.bins.subarray(feature * data.rows, (feature + 1) * data.rows);
    const start = offsets[feature] * STRIDE;
    for (let i = 0; i < rows.length; i++) {
      const at = start + bins[rows[i]] * STRIDE;
      histogram[at] += gradient[i];
      histogram[at + 1] += hessian[i];
      histogram[at + 2] += 1;
    }
  }
}

/** parent − child = the other child: only the smaller one needs to be counted. */
export function subtractHistogram(parent: Histogram, child: Histogram): void {
  for (let i = 0; i < parent.length; i++) parent[i] -= child[i];
}
