import { create, type MessageInitShape } from '@bufbuild/protobuf';
import { canonicalJson, DatePart, FeaturesSchema, isRefitError, NumericImputation } from '@refit/contracts';
import { describe, expect, it } from 'vitest';
import { applyTransforms } from './apply-transforms.js';
import type { ColumnTable } from './column-table.js';
import { featureColumn } from './feature-matrix.js';
import { fitTransforms } from './fit-transforms.js';
import { inputColumns, type Encoding, type FittedTransforms } from './fitted-transforms.js';
import { tableFromValues, type PlainValue } from './table-from-values.js';

const everyRow = (table: ColumnTable) => Uint32Array.from({ length: table.rows }, (_, row) => row);

const fit = (table: ColumnTable, encoding: Encoding, features: MessageInitShape<typeof FeaturesSchema> = {}, rows = everyRow(table)) =>
  fitTransforms(table, rows, {
    encoding, reserved: [],
    features: create(FeaturesSchema, { standardize: true, maximumCategories: 50, numericImputation: NumericImputation.MEDIAN, ...features }),
  });

/** The output features by name. */
function applied(fitted: FittedTransforms, table: ColumnTable): Record<string, number[]> {
  const matrix = applyTransforms(fitted, table, everyRow(table));
  return Object.fromEntries(fitted.features.map((name, f) => [name, [...featureColumn(matrix, f)]]));
}

const reasonFor = (fitted: FittedTransforms, column: string) => fitted.leftOut.find((left) => left.column === column)?.reason;

describe('numbers for a linear model', () => {
  it('are standardized with the population deviation and imputed with the mean or median', () => {
    const table = tableFromValues({ x: [2, 4, 4, 4, 5, 5, 7, 9, null] });
    const fitted = fit(table, 'one-hot', { numericImputation: NumericImputation.MEAN });
    // The textbook set of mean 5 and sum of squares 32, and the imputed 5.
    expect(fitted.columns).toEqual([{ kind: 'number', column: 'x', impute: 5, mean: 5, scale: Math.sqrt(32 / 9) }]);
    expect(fit(table, 'one-hot').columns).toMatchObject([{ impute: 4.5 }]);
    expect(applied(fitted, table)['x']?.at(-1)).toBe(0);
  });

  it('stay as they are when they are 0 and 1 or need no standard', () => {
    const table = tableFromValues({ flag: [true, false, true], x: [1, 2, 4] });
    expect(applied(fit(table, 'one-hot', { standardize: false }), table)).toEqual({ flag: [1, 0, 1], x: [1, 2, 4] });
    expect(applied(fit(table, 'one-hot'), table)).toMatchObject({ flag: [1, 0, 1] });
  });
});

describe('categories for a linear model', () => {
  const table = tableFromValues({ origin: ['ATL', 'BOS', 'ATL', 'CLE', null, 'BOS', 'ATL', 'DAL', 'CLE'] });
  const fitted = fit(table, 'one-hot', { maximumCategories: 2 });

  it('are a feature each, the most frequent first, then all others, then missing', () => {
    expect(fitted.features).toEqual(['origin=ATL', 'origin=BOS', 'origin=(other)', 'origin=(missing)']);
    expect(applied(fitted, table)).toEqual({
      'origin=ATL': [1, 0, 1, 0, 0, 0, 1, 0, 0],
      'origin=BOS': [0, 1, 0, 0, 0, 1, 0, 0, 0],
      'origin=(other)': [0, 0, 0, 1, 0, 0, 0, 1, 1],
      'origin=(missing)': [0, 0, 0, 0, 1, 0, 0, 0, 0],
    });
  });

  it('count as others when training has not seen them, as nothing when it had no others', () => {
    const unseen = tableFromValues({ origin: ['ZRH', 'BOS', null] });
    expect(applied(fitted, unseen)).toMatchObject({ 'origin=(other)': [1, 0, 0], 'origin=(missing)': [0, 0, 1] });
    const complete = fit(tableFromValues({ origin: ['BOS', 'ATL', 'BOS'] }), 'one-hot');
    expect(applied(complete, unseen)).toEqual({ 'origin=BOS': [0, 1, 0], 'origin=ATL': [0, 0, 0] });
  });
});

describe('features for trees', () => {
  it('keep numbers and what is missing, and rank categories by frequency', () => {
    const table = tableFromValues({ x: [1, null, 3, 8], origin: ['BOS', 'ATL', 'BOS', null] });
    const fitted = fit(table, 'ordinal');
    expect(applied(fitted, table)).toEqual({ origin: [0, 1, 0, NaN], x: [1, NaN, 3, 8] });
    expect(applied(fitted, tableFromValues({ x: [2], origin: ['ZRH'] }))).toEqual({ origin: [2], x: [2] });
  });

  it('keep a number that is the same wherever it is present', () => {
    const table = tableFromValues({ x: [1, null, 1], y: [1, 2, 3] });
    expect(fit(table, 'ordinal').features).toEqual(['x', 'y']);
    expect(reasonFor(fit(table, 'one-hot'), 'x')).toBe('constant in the training rows');
  });
});

it('reads the parts of a time in UTC', () => {
  // Unix time 0 was a Thursday; 2024-02-29 23:30 UTC, also a Thursday, was a leap day.
  const table = tableFromValues({ at: [new Date(0), new Date('2024-02-29T23:30:00Z'), null, new Date('1969-12-31T12:00:00Z')] });
  const { HOUR, DAY_OF_WEEK, DAY_OF_MONTH, MONTH, YEAR } = DatePart;
  expect(applied(fit(table, 'ordinal', { dateParts: [HOUR, DAY_OF_WEEK, DAY_OF_MONTH, MONTH, YEAR] }), table)).toEqual({
    'at.hour': [0, 23, NaN, 12],
    'at.dayOfWeek': [4, 4, NaN, 3],
    'at.dayOfMonth': [1, 29, NaN, 31],
    'at.month': [1, 2, NaN, 12],
    'at.year': [1970, 2024, NaN, 1969],
  });
});

describe('the choice of features', () => {
  const column = (value: (i: number) => PlainValue) => Array.from({ length: 6 }, (_, i) => value(i));
  const table = tableFromValues({
    id: column((i) => `id ${i}`), fixed: column(() => 7), word: column(() => 'same'), empty: column(() => null),
    secret: column((i) => i), x: column((i) => i), at: column((i) => new Date(i)),
  });

  it('leaves out what is excluded, never varies, or is an identifier, and says why', () => {
    const fitted = fit(table, 'one-hot', { excluded: ['secret'], dateParts: [DatePart.YEAR] });
    expect(fitted.features).toEqual(['x']);
    expect(Object.fromEntries(fitted.leftOut.map(({ column: name, reason }) => [name, reason]))).toEqual({
      at: 'a time of which no asked part varies in the training rows',
      empty: 'empty in every training row',
      fixed: 'constant in the training rows',
      id: 'an identifier: different in every row',
      secret: 'excluded by the pipeline',
      word: 'constant in the training rows',
    });
  });

  it('looks at the training rows alone', () => {
    const grown = tableFromValues({ x: [1, 3, 100], word: ['a', 'b', 'c'], constant: [1, 1, 2], twice: ['a', 'a', 'b'] });
    const fitted = fit(grown, 'one-hot', {}, Uint32Array.of(0, 1));
    expect(fitted.columns).toEqual([{ kind: 'number', column: 'x', impute: 2, mean: 2, scale: 1 }]);
    expect(reasonFor(fitted, 'constant')).toBe('constant in the training rows');
  });

  it('needs a column that can be a feature', () => {
    expect(() => fit(tableFromValues({ id: ['a', 'b'] }), 'one-hot')).toThrow('no column can be a feature: id (an identifier: different in every row)');
  });
});

describe('fitted transforms', () => {
  const table = tableFromValues({ x: [1, 2, 4], origin: ['a', 'b', 'a'], at: [new Date(0), new Date(3_600_000), null] });
  const fitted = fit(table, 'one-hot', { dateParts: [DatePart.HOUR] });

  it('are the same after JSON', () => {
    const again = JSON.parse(canonicalJson(fitted)) as FittedTransforms; // what was just written
    expect(applied(again, table)).toEqual(applied(fitted, table));
  });

  it('name the columns that they read', () => {
    expect(inputColumns(fitted)).toEqual([{ column: 'at', kind: 'time' }, { column: 'origin', kind: 'category' }, { column: 'x', kind: 'number' }]);
  });

  it.each([
    ['lacks a column', tableFromValues({ x: [1], at: [new Date(0)] }), 'no column "origin"'],
    ['holds another kind', tableFromValues({ x: ['one'], origin: ['a'], at: [new Date(0)] }), 'column "x" holds text, but the model was trained on numbers'],
  ])('refuse a table that %s', (_, other, message) => {
    let failure: unknown;
    try {
      applied(fitted, other);
    } catch (error) {
      failure = error;
    }
    expect(isRefitError(failure, 'FEATURES_MISSING')).toBe(true);
    expect(failure).toMatchObject({ message: expect.stringContaining(message) });
  });
});
