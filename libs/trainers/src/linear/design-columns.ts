import { featureColumn, type FeatureMatrix } from '@refit/transforms';

/** A feature's values over all rows. One-hot features are mostly zero: they are kept as the rows where they are not. */
export type DesignColumn =
  | { readonly kind: 'dense'; readonly values: Float32Array }
  | { readonly kind: 'sparse'; readonly rows: Uint32Array; readonly values: Float32Array };

/** Above this share of non-zero values a plain loop is faster. */
const DENSE_ABOVE = 0.25;

export const designColumns = (features: FeatureMatrix): readonly DesignColumn[] =>
  Array.from({ length: features.width }, (_, feature) => designColumn(featureColumn(features, feature)));

function designColumn(values: Float32Array): DesignColumn {
  let count = 0;
  for (const value of values) if (value !== 0) count += 1;
  if (count > values.length * DENSE_ABOVE) return { kind: 'dense', values };
  const rows = new Uint32Array(count);
  let next = 0;
  for (let row = 0; row < values.length; row++) if (values[row] !== 0) rows[next++] = row;
  return { kind: 'sparse', rows, values: Float32Array.from(rows, (row) => values[row]) };
}

/** out += factor · column */
export function addScaled(column: DesignColumn, factor: number, out: Float64Array): void {
  const { values } = column;
  if (factor === 0) return;
  if (column.kind === 'dense') for (let row = 0; row < values.length; row++) out[row] += factor * values[row];
  else for (let i = 0; i < values.length; i++) out[column.rows[i]] += factor * values[i];
}

/** Inner product of a column with numbers per row. */
export function dot(column: DesignColumn, other: ArrayLike<number>): number {
  const { values } = column;
  let sum = 0;
  if (column.kind === 'dense') for (let row = 0; row < values.length; row++) sum += values[row] * other[row];
  else for (let i = 0; i < values.length; i++) sum += values[i] * other[column.rows[i]];
  return sum;
}
