import { NumericImputation, type Features } from '@refit/contracts';
import { datePartReader, type DatePartName } from './date-parts.js';
import type { Encoding, Fitted, NumberTransform } from './fitted-transforms.js';

/** @param values of the whole column; only those of `rows` are looked at */
export const fitNumbers = (column: string, values: Float64Array, rows: Uint32Array, spec: Features, encoding: Encoding): Fitted =>
  fit({ kind: 'number', column }, values, rows, (value) => value, spec, encoding);

export const fitDatePart = (column: string, part: DatePartName, times: Float64Array, rows: Uint32Array, spec: Features, encoding: Encoding): Fitted =>
  fit({ kind: 'number', column, part }, times, rows, datePartReader(part), spec, encoding);

function fit(
  source: Pick<NumberTransform, 'kind' | 'column' | 'part'>, values: Float64Array, rows: Uint32Array, read: (value: number) => number,
  spec: Features, encoding: Encoding,
): Fitted {
  const present = finiteValues(values, rows, read);
  const missing = rows.length - present.length;
  const { least, most } = range(present);
  if (present.length === 0) return 'empty in every training row';
  if (least === most && !(missing > 0 && encoding === 'ordinal')) return 'constant in the training rows';
  if (encoding === 'ordinal') return [{ ...source, impute: null, mean: 0, scale: 1 }];
  const impute = spec.numericImputation === NumericImputation.MEAN ? mean(present) : median(present);
  if (!spec.standardize || isBoolean(present)) return [{ ...source, impute, mean: 0, scale: 1 }];
  return [{ ...source, impute, ...standardization(present, missing, impute) }];
}

function finiteValues(values: Float64Array, rows: Uint32Array, read: (value: number) => number): Float64Array {
  const present = new Float64Array(rows.length);
  let count = 0;
  for (let i = 0; i < rows.length; i++) {
    const value = read(values[rows[i]]);
    if (Number.isFinite(value)) present[count++] = value;
  }
  return present.subarray(0, count);
}

function range(values: Float64Array): { least: number; most: number } {
  let least = Infinity;
  let most = -Infinity;
  for (const value of values) {
    if (value < least) least = value;
    if (value > most) most = value;
  }
  return { least, most };
}

const isBoolean = (values: Float64Array): boolean => values.every((value) => value === 0 || value === 1);

/** Mean and population standard deviation after imputation, as scikit-learn's StandardScaler. */
function standardization(present: Float64Array, missing: number, impute: number): { mean: number; scale: number } {
  const rows = present.length + missing;
  const center = (mean(present) * present.length + impute * missing) / rows;
  let squares = missing * (impute - center) ** 2;
  for (const value of present) squares += (value - center) ** 2;
  return { mean: center, scale: Math.sqrt(squares / rows) };
}

function mean(values: Float64Array): number {
  let sum = 0;
  for (const value of values) sum += value;
  return sum / values.length;
}

function median(values: Float64Array): number {
  const sorted = values.toSorted();
  const middle = sorted.length >>> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}
