import { RefitError } from '@refit/contracts';
import type { CategoryColumn, ColumnTable, NumberColumn, TimeColumn } from './column-table.js';
import { datePartReader } from './date-parts.js';
import { featureColumn, type FeatureMatrix } from './feature-matrix.js';
import { featureNames, inputKind, type ColumnTransform, type FittedTransforms, type NumberTransform, type OneHotTransform, type RankTransform } from './fitted-transforms.js';

/**
 * The features of these rows of a table, by column. A category never seen in training is one of the others; a missing
 * value is imputed, has its own feature or stays NaN, as fitted (see `Encoding`).
 *
 * @throws RefitError FEATURES_MISSING when the table lacks a column that the transforms read, or it holds another kind
 */
export function applyTransforms(fitted: FittedTransforms, table: ColumnTable, rows: Uint32Array): FeatureMatrix {
  const width = fitted.features.length;
  const matrix: FeatureMatrix = { rows: rows.length, width, values: new Float32Array(rows.length * width) };
  let feature = 0;
  for (const transform of fitted.columns) {
    apply(transform, table, rows, matrix, feature);
    feature += featureNames(transform).length;
  }
  return matrix;
}

function apply(transform: ColumnTransform, table: ColumnTable, rows: Uint32Array, matrix: FeatureMatrix, feature: number): void {
  const column = table.columns.get(transform.column);
  const kind = inputKind(transform);
  if (column === undefined) throw new RefitError('FEATURES_MISSING', `the data has no column "${transform.column}", which the model needs`);
  if (column.kind !== kind) throw new RefitError('FEATURES_MISSING', `column "${transform.column}" holds ${nouns[column.kind]}, but the model was trained on ${nouns[kind]}`);
  if (transform.kind === 'number') {
    if (column.kind !== 'category') applyNumber(transform, column, rows, featureColumn(matrix, feature));
    return;
  }
  if (column.kind !== 'category') return;
  if (transform.kind === 'rank') applyRank(transform, column, rows, featureColumn(matrix, feature));
  else applyOneHot(transform, column, rows, matrix, feature);
}

const nouns = { number: 'numbers', time: 'times', category: 'text' } as const;

function applyNumber({ part, impute, mean, scale }: NumberTransform, { values }: NumberColumn | TimeColumn, rows: Uint32Array, out: Float32Array): void {
  const read = part === undefined ? undefined : datePartReader(part);
  for (let i = 0; i < rows.length; i++) {
    const value = read ? read(values[rows[i]]) : values[rows[i]];
    out[i] = ((Number.isFinite(value) ? value : (impute ?? NaN)) - mean) / scale;
  }
}

function applyRank({ categories }: RankTransform, { codes, dictionary }: CategoryColumn, rows: Uint32Array, out: Float32Array): void {
  const rankOf = placesOf(categories, dictionary, categories.length);
  for (let i = 0; i < rows.length; i++) out[i] = codes[rows[i]] < 0 ? NaN : rankOf[codes[rows[i]]];
}

function applyOneHot(transform: OneHotTransform, { codes, dictionary }: CategoryColumn, rows: Uint32Array, { rows: height, values }: FeatureMatrix, feature: number): void {
  const { categories } = transform;
  const other = transform.other ? categories.length : -1;
  const missing = transform.missing ? categories.length + Number(transform.other) : -1;
  const placeOf = placesOf(categories, dictionary, other);
  for (let i = 0; i < rows.length; i++) {
    const place = codes[rows[i]] < 0 ? missing : placeOf[codes[rows[i]]];
    if (place >= 0) values[(feature + place) * height + i] = 1;
  }
}

/** For each entry of a table's dictionary its place among the fitted categories, or `other`. */
function placesOf(categories: readonly string[], dictionary: readonly string[], other: number): Int32Array {
  const places = new Map(categories.map((category, place) => [category, place]));
  return Int32Array.from(dictionary, (text) => places.get(text) ?? other);
}
