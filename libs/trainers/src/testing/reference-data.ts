import type { TaskName } from '@refit/transforms';
import type { LabelledFeatures, TrainingData } from '../training-data.js';

/** The data of scikit-learn.reference.py: the same generator, features and targets. */
export interface ReferenceRows {
  readonly features: LabelledFeatures['features'];
  readonly binary: Float64Array;
  readonly three: Float64Array;
  readonly number: Float64Array;
}

export function referenceRows(rows: number, seed: number): ReferenceRows {
  const u = uniforms(rows * 5, seed);
  const values = new Float32Array(rows * 4);
  const noise = new Float64Array(rows);
  for (let row = 0; row < rows; row++) {
    const [a, b, c, d, e] = u.subarray(row * 5, row * 5 + 5);
    [a * 4 - 2, Math.floor(b * 6), c ** 2, Number(d < 0.3)].forEach((value, f) => (values[f * rows + row] = value));
    noise[row] = e;
  }
  const signal = noise.map((_, row) => {
    const [x0, x1, x2, x3] = [0, 1, 2, 3].map((f) => values[f * rows + row]);
    return Math.sin(2 * x0) + Number(x1 === 2) * 1.5 - 2 * x2 * x3 - 0.3;
  });
  const number = signal.map((s, row) => s + noise[row]);
  return {
    features: { rows, width: 4, values },
    binary: signal.map((s, row) => Number(noise[row] < 1 / (1 + Math.exp(-s)))),
    three: number.map((y) => Number(y >= -0.2) + Number(y >= 0.9)),
    number,
  };
}

/** Every seventh value of the first feature missing. */
export function withGaps({ rows, width, values }: LabelledFeatures['features']): LabelledFeatures['features'] {
  return { rows, width, values: values.map((value, i) => (i < rows && i % 7 === 0 ? NaN : value)) };
}

export function rowsFrom({ features, target }: LabelledFeatures, start: number, end: number): LabelledFeatures {
  const { rows, width, values } = features;
  const part = new Float32Array((end - start) * width);
  for (let f = 0; f < width; f++) part.set(values.subarray(f * rows + start, f * rows + end), f * (end - start));
  return { features: { rows: end - start, width, values: part }, target: target.slice(start, end) };
}

export function trainingData(task: TaskName, training: LabelledFeatures, validation = rowsFrom(training, 0, 0)): TrainingData {
  const classes = { binary: ['no', 'yes'], multiclass: ['low', 'middle', 'high'], regression: [] }[task];
  return { task, classes, training, validation };
}

/** A linear congruential generator (Numerical Recipes), the same in Python. */
function uniforms(count: number, seed: number): Float64Array {
  let state = seed;
  return new Float64Array(count).map(() => {
    state = (Math.imul(1664525, state) + 1013904223) >>> 0;
    return state / 2 ** 32;
  });
}
