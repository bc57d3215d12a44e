import { featureColumn, type FeatureMatrix } from '@refit/transforms';
import { seededRandom } from '../random.js';

/**
 * Features as small integers. A feature with t thresholds has bins 0…t (bin b: above threshold b−1, at most threshold b)
 * and bin t + 1 for missing.
 */
export interface BinnedFeatures {
  readonly rows: number;
  readonly width: number;
  /** By column: the bin of feature f of row r is `bins[f * rows + r]`. */
  readonly bins: Uint8Array;
  readonly thresholds: readonly Float32Array[];
}

/** Rows that bin thresholds are computed from; sorting more of them makes the thresholds no better. */
const SAMPLE_ROWS = 50_000;

/** @param limit most bins per feature without that for missing, 2–255 */
export function binFeatures(features: FeatureMatrix, limit: number, seed: number): BinnedFeatures {
  const { rows, width } = features;
  const bins = new Uint8Array(rows * width);
  const sample = sampleRows(rows, seed);
  const thresholds = Array.from({ length: width }, (_, feature) => {
    const column = featureColumn(features, feature);
    const edges = binThresholds(gathered(column, sample), limit);
    assignBins(column, edges, bins.subarray(feature * rows, (feature + 1) * rows));
    return edges;
  });
  return { rows, width, bins, thresholds };
}

/**
 * Thresholds halfway between neighbouring distinct values: between all of them when they are at most `limit`, else
 * those nearest to equally full bins.
 */
export function binThresholds(values: Float32Array, limit: number): Float32Array {
  const sorted = present(values).sort();
  const firsts: number[] = []; // index of the first of each distinct value but the lowest
  for (let i = 1; i < sorted.length; i++) if (sorted[i] !== sorted[i - 1]) firsts.push(i);
  const chosen = firsts.length < limit ? firsts : quantileStarts(sorted, limit);
  return Float32Array.from(chosen, (i) => halfway(sorted[i - 1], sorted[i]));
}

function quantileStarts(sorted: Float32Array, limit: number): number[] {
  const starts = new Set<number>();
  for (let bin = 1; bin < limit; bin++) {
    let start = Math.floor((bin * sorted.length) / limit);
    while (start > 0 && sorted[start] === sorted[start - 1]) start -= 1;
    if (start > 0) starts.add(start);
  }
  return [...starts];
}

function gathered(column: Float32Array, rows: Uint32Array): Float32Array {
  const values = new Float32Array(rows.length);
  for (let i = 0; i < rows.length; i++) values[i] = column[rows[i]];
  return values;
}

function present(values: Float32Array): Float32Array {
  const kept = new Float32Array(values.length);
  let count = 0;
  for (const value of values) if (!Number.isNaN(value)) kept[count++] = value;
  return kept.subarray(0, count);
}

/** A threshold t with low <= t < high, also where no float32 lies between the two. */
function halfway(low: number, high: number): number {
  const middle = Math.fround(low + (high - low) / 2);
  return middle < high ? middle : low;
}

function assignBins(column: Float32Array, thresholds: Float32Array, bins: Uint8Array): void {
  for (let row = 0; row < column.length; row++) {
    const value = column[row];
    bins[row] = Number.isNaN(value) ? thresholds.length + 1 : lowerBound(thresholds, value);
  }
}

/** Index of the first threshold that is not below the value. */
function lowerBound(thresholds: Float32Array, value: number): number {
  let low = 0;
  let high = thresholds.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (thresholds[middle] < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

function sampleRows(rows: number, seed: number): Uint32Array {
  const all = new Uint32Array(rows);
  for (let row = 0; row < rows; row++) all[row] = row;
  if (rows <= SAMPLE_ROWS) return all;
  const random = seededRandom(seed);
  for (let i = 0; i < SAMPLE_ROWS; i++) {
    const j = i + Math.floor(random() * (rows - i));
    [all[i], all[j]] = [all[j], all[i]];
  }
  return all.subarray(0, SAMPLE_ROWS);
}
