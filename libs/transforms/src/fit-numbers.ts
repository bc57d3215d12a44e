import { NumericImputation, type Features } from '@refit/contracts';
import { datePartReader, type DatePartName } from './date-parts.js';
import type { Fitted } from './fit-transforms.js';
import type { Encoding, NumberTransform } from './fitted-transforms.js';

/** @param values of the whole column; only those of `rows` are looked at */
export const fitNumbers = (column: string, values: Float64Array, rows: Uint32Array, spec: Features, encoding: Encoding): Fitted =>
  fit({ kind: 'number', column }, Float64Array.from(rows, (row) => values[row]), spec, encoding);

export function fitDatePart(column: string, part: DatePartName, times: Float64Array, rows: Uint32Array, spec: Features, encoding: Encoding): Fitted {
  const read = datePartReader(part);
  return fit({ kind: 'number', column, part }, Float64Array.from(rows, (row) => read(times[row])), spec, encoding);
}

function fit(source: Pick<NumberTransform, 'kind' | 'column' | 'part'>, values: Float64Array, spec: Features, encoding: Encoding): Fitted {
  const present = values.filter((value) => Number.isFinite(value)).sort();
  const missing = present.length < values.length;
  if (present.length === 0) return 'empty in every training row';
  if (present[0] === present[present.length - 1] && !(missing && encoding === 'ordinal')) return 'constant in the training rows';
  if (encoding === 'ordinal') return [{ ...source, impute: null, mean: 0, scale: 1 }];
  const impute = spec.numericImputation === NumericImputation.MEAN ? mean(present) : median(present);
  const binary = present.every((value) => value === 0 || value === 1);
  if (!spec.standardize || binary) return [{ ...source, impute, mean: 0, scale: 1 }];
  const filled = values.map((value) => (Number.isFinite(value) ? value : impute));
  return [{ ...source, impute, ...standardization(filled) }];
}

/** Mean and population standard deviation, as scikit-learn's StandardScaler. */
function standardization(values: Float64Array): { mean: number; scale: number } {
  const center = mean(values);
  let squares = 0;
  for (const value of values) squares += (value - center) ** 2;
  return { mean: center, scale: Math.sqrt(squares / values.length) };
}

function mean(values: Float64Array): number {
  let sum = 0;
  for (const value of values) sum += value;
  return sum / values.length;
}

function median(sorted: Float64Array): number {
  const middle = sorted.length >>> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}
