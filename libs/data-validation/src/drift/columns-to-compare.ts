import { looksLikeIdentifier } from '../checks/looks-like-identifier.js';
import type { Subject } from '../finding.js';
import { isComparable, isNumeric, judgedColumns } from '../judged-columns.js';
import { inEnvironment } from '../schema/environments.js';
import type { DatasetStatistics } from '../statistics.js';

/** A column whose numbers can be compared value by value. */
export interface ColumnToCompare {
  readonly column: string;
  /** The reference's .1 and 99.9 percentiles. */
  readonly winsorisedAt: readonly [number, number];
  readonly hasFewValues: boolean;
}

/** Repeated as often, values are counted before they are sorted. */
const rowsPerValue = 8;

/** Numbers that the reference has comparison bins of: their outermost edges are what Wasserstein is winsorised at. */
export function comparedColumns(reference: DatasetStatistics, columns: readonly string[]): readonly ColumnToCompare[] {
  return reference.columns.flatMap(({ name, type, numeric, distinct }) => {
    const [low, high] = [numeric?.comparison?.edges[0], numeric?.comparison?.edges.at(-1)];
    if (!columns.includes(name) || !isNumeric(type) || low === undefined || high === undefined) return [];
    return [{ column: name, winsorisedAt: [low, high], hasFewValues: distinct * rowsPerValue <= reference.rows }];
  });
}

/** A classifier does not get much wiser from more, and takes longer. */
const mostColumns = 60;

/**
 * Columns that a classifier may tell rows apart by: not times, which move on by themselves, nor what tells each row from
 * every other, nor what the gate ignores.
 */
export function pooledColumns(given: Subject): readonly string[] {
  return judgedColumns(inEnvironment(given))
    .filter((judged) => judged.rule.type !== 'timestamp' && judged.reference && isComparable(judged) && isComparable({ rule: judged.rule, column: judged.reference }))
    .filter(({ column, reference }) => !tellsRows(column) && !(reference && tellsRows(reference)))
    .map(({ rule }) => rule.name)
    .slice(0, mostColumns);
}

const tellsRows = (column: DatasetStatistics['columns'][number]) => looksLikeIdentifier(column) || column.semantic === 'text';
