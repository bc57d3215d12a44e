import type { Expectation } from '@refit/contracts';
import type { SnapshotColumn } from '../column-types.js';
import { rowNumber } from '../statistics/column-task.js';
import { isFault, ofColumn, type Fault } from './row-rule.js';

/** What is expected of rows together: SQL over those that it is about. */
export type ManyRowsRule =
  | { readonly newest: string }
  | {
    /** Selects `judged` and `unexpected`, the counts. */
    readonly counts: (relation: string) => string;
    /** Selects the rows that are not as expected, with all their columns. */
    readonly offenders: (relation: string) => string;
  };

/** @returns a fault also for what other data decides: how many rows are usual, which rows test a model */
export function manyRowsRule({ expected }: Expectation, columns: readonly SnapshotColumn[]): ManyRowsRule | Fault {
  switch (expected.case) {
    case 'unique':
      return unique(columns, expected.value.columns);
    case 'increasing':
      return increasing(columns, expected.value);
    case 'fresh':
      return ofColumn<ManyRowsRule>(columns, expected.value.column, ['TIMESTAMP'], (column) => ({ newest: column }));
    default:
      return { fault: `"${expected.case ?? 'nothing'}" is not known to this version` };
  }
}

/** Every row that shares its key with another, and every row without one. */
function unique(columns: readonly SnapshotColumn[], names: readonly string[]): ManyRowsRule | Fault {
  const key = quoted(columns, names);
  if (isFault(key)) return key;
  const grouped = (relation: string) => `SELECT ${key.join(', ')}, count(*) AS "refit:n" FROM ${relation} GROUP BY ${key.join(', ')}`;
  const isBad = `"refit:n" > 1 OR ${isIncomplete(key)}`;
  const same = key.map((column) => `r.${column} IS NOT DISTINCT FROM k.${column}`).join(' AND ');
  return {
    counts: (relation) => `SELECT coalesce(sum("refit:n"), 0) AS judged, coalesce(sum("refit:n") FILTER (${isBad}), 0) AS unexpected FROM (${grouped(relation)})`,
    offenders: (relation) => `SELECT r.* FROM ${relation} r WHERE EXISTS (SELECT 1 FROM (${grouped(relation)}) k WHERE (${isBad.replaceAll('"refit:n"', 'k."refit:n"')}) AND ${same})`,
  };
}

const isIncomplete = (key: readonly string[]) => key.map((column) => `${column} IS NULL`).join(' OR ');

/** A row below the one before it (of those that have a value). */
function increasing(columns: readonly SnapshotColumn[], { column: name, strictly, per }: { readonly column: string; readonly strictly: boolean; readonly per: readonly string[] }): ManyRowsRule | Fault {
  const parts = quoted(columns, per);
  if (isFault(parts)) return parts;
  return ofColumn<ManyRowsRule>(columns, name, ['BIGINT', 'DOUBLE', 'TIMESTAMP'], (column, type) => {
    const partition = parts.length > 0 ? `PARTITION BY ${parts.join(', ')} ` : '';
    const withBefore = (relation: string) => `SELECT *, lag(${column}) OVER (${partition}ORDER BY ${rowNumber}) AS "refit:before" FROM ${relation} WHERE ${column} IS NOT NULL`;
    const isBad = `coalesce(${column} ${strictly ? '<=' : '<'} "refit:before", false)${type === 'DOUBLE' ? ` OR isnan(${column})` : ''}`;
    return {
      counts: (relation) => `SELECT count(*) AS judged, count_if(${isBad}) AS unexpected FROM (${withBefore(`(SELECT ${[...new Set([column, ...parts, rowNumber])].join(', ')} FROM ${relation})`)})`,
      offenders: (relation) => `SELECT * EXCLUDE ("refit:before") FROM (${withBefore(relation)}) WHERE ${isBad}`,
    };
  });
}

/** As SQL names, or the first that is not there. */
function quoted(columns: readonly SnapshotColumn[], names: readonly string[]): readonly string[] | Fault {
  const found = names.map((name) => ofColumn(columns, name, undefined, (column) => ({ column })));
  const missing = found.find(isFault);
  return missing ?? found.flatMap((one) => (isFault(one) ? [] : [one.column]));
}
