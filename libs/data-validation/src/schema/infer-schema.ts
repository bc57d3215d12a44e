import { ColumnRuleSchema, DataSchemaSchema, event, type ColumnRule, type DataSchema } from '@refit/contracts';
import { isRunningNumber, looksLikeIdentifier } from '../checks/looks-like-identifier.js';
import { isNumeric } from '../judged-columns.js';
import { semanticType } from '../semantic-type.js';
import { topValues, type ColumnStatistics, type DatasetStatistics } from '../statistics.js';
import { fitIntoEvent } from './schema-size.js';

/** Longer text, in characters, is no category. */
export const longestCategory = 100;

/**
 * The schema that data fits: its columns and their types, rates of missing values, ranges of numbers, and the categories
 * of text that has few of them (at most 100, as in TFDV, and at least two rows for each on average). A column without
 * a value is not required; one that is an identifier and has no value twice is unique. Numbers that name rows have no range.
 */
export function inferSchema({ rows, columns }: DatasetStatistics): DataSchema {
  const rules = columns.map((column) => inferRule(column, rows));
  return event(DataSchemaSchema, { columns: fitIntoEvent(rules) });
}

/** What a single column's values would have to be like. */
export function inferRule(column: ColumnStatistics, rows: number): ColumnRule {
  const { name, type, missing, numeric } = column;
  const known = { ...column, semantic: semanticType(column, rows) };
  return event(ColumnRuleSchema, {
    name,
    type,
    required: missing < rows,
    nullRate: rows > 0 ? missing / rows : 0,
    ...(isNumeric(type) && numeric && !isRunningNumber(known) && { minimum: numeric.minimum, maximum: numeric.maximum }),
    domain: domainOf(column, rows - missing),
    unique: isUnique(known, rows),
  });
}

function domainOf({ type, distinct, top = [] }: ColumnStatistics, present: number): string[] {
  if (type !== 'string' || distinct > topValues || distinct * 2 > present) return [];
  const values = top.map(({ value }) => value);
  return values.length < distinct || values.some((value) => value.length > longestCategory) ? [] : values.sort();
}

/** Not where distinct values were estimated only, or numbers that happen to differ. */
const isUnique = (column: ColumnStatistics, rows: number) =>
  column.distinctError === undefined && column.distinct === rows - column.missing && looksLikeIdentifier(column);
