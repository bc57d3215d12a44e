import { RefitError, type Features } from '@refit/contracts';
import type { ColumnTable, TableColumn } from './column-table.js';
import { datePartName } from './date-parts.js';
import { fitCategories } from './fit-categories.js';
import { fitDatePart, fitNumbers } from './fit-numbers.js';
import { featureNames, type ColumnTransform, type Encoding, type Fitted, type FittedTransforms } from './fitted-transforms.js';

export interface FitOptions {
  readonly features: Features;
  readonly encoding: Encoding;
  /** Columns that must not be features: the label's, the key of a hash split. */
  readonly reserved: readonly { readonly column: string; readonly reason: string }[];
}

/**
 * Chooses and fits the features on the training rows alone. Every column is one, but those that are excluded or
 * reserved, that never vary, and identifiers (text that differs in every row). Of times, the asked parts are.
 *
 * @throws RefitError FEATURES_MISSING when no column is left
 */
export function fitTransforms(table: ColumnTable, trainingRows: Uint32Array, { features, encoding, reserved }: FitOptions): FittedTransforms {
  const unwanted = new Map([...features.excluded.map((column) => [column, 'excluded by the pipeline'] as const), ...reserved.map(({ column, reason }) => [column, reason] as const)]);
  const columns: ColumnTransform[] = [];
  const leftOut: { column: string; reason: string }[] = [];
  for (const name of [...table.columns.keys()].sort()) {
    const fitted = unwanted.get(name) ?? fitColumn(name, columnOf(table, name), trainingRows, features, encoding);
    if (typeof fitted === 'string') leftOut.push({ column: name, reason: fitted });
    else columns.push(...fitted);
  }
  if (columns.length === 0) {
    throw new RefitError('FEATURES_MISSING', `no column can be a feature: ${leftOut.map(({ column, reason }) => `${column} (${reason})`).join(', ')}`);
  }
  return { format: 'refit/transforms/v1', encoding, columns, features: columns.flatMap(featureNames), leftOut };
}

function fitColumn(name: string, column: TableColumn, rows: Uint32Array, spec: Features, encoding: Encoding): Fitted {
  switch (column.kind) {
    case 'number':
      return fitNumbers(name, column.values, rows, spec, encoding);
    case 'category':
      return fitCategories(name, column, rows, spec.maximumCategories, encoding);
    case 'time': {
      const parts = spec.dateParts.map(datePartName).filter((part) => part !== undefined);
      const fitted = parts.map((part) => fitDatePart(name, part, column.values, rows, spec, encoding)).filter((fit) => typeof fit !== 'string');
      return fitted.length > 0 ? fitted.flat() : parts.length === 0 ? 'a time, and no date parts are asked for' : 'a time of which no asked part varies in the training rows';
    }
  }
}

function columnOf(table: ColumnTable, name: string): TableColumn {
  const column = table.columns.get(name);
  if (column === undefined) throw new RangeError(`no column ${name}`);
  return column;
}
