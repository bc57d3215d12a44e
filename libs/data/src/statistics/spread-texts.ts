import { topValues, type ColumnStatistics } from '@refit/data-validation';
import type { DuckDb } from '../duckdb.js';
import { identifier, literal } from '../sql.js';
import { cut } from './column-sql.js';
import type { StatisticsSource } from './column-task.js';
import type { SpreadColumn } from './divide-columns.js';

/** See `ColumnStatistics.topAbove`, and the size of the sample that the values come from. */
const topAbove = 0.001;

/** Statistics of text columns with many distinct values: only those are counted that a sample or the reference suggests, all from one query. */
export async function spreadTexts(db: DuckDb, { relation, rows }: StatisticsSource, columns: readonly SpreadColumn[]): Promise<readonly ColumnStatistics[]> {
  const counts = columns.map(() => new Map<string, number>());
  const queries = columns.flatMap(({ column, sampled, reference }, i) => {
    const wanted = new Set([...sampled.frequent, ...(reference?.top ?? []).map(({ value }) => value)]);
    const value = cut(identifier(column.name));
    return wanted.size === 0 ? [] : [`SELECT ${i} AS i, ${value} AS value, count(*) AS n FROM ${relation} WHERE ${value} IN (${[...wanted].map(literal).join(', ')}) GROUP BY ${value}`];
  });
  const found = queries.length === 0 ? [] : await db.rows(queries.join(' UNION ALL '));
  for (const row of found) counts[Number(row['i'])]?.set(String(row['value']), Number(row['n']));
  return columns.map((column, i) => columnStatistics(column, rows, counts[i] ?? new Map()));
}

function columnStatistics({ column, reference, scanned }: SpreadColumn, rows: number, counts: ReadonlyMap<string, number>): ColumnStatistics {
  const { present, distinct, distinctError, minimumLength, maximumLength, meanLength, replaced, forms } = scanned;
  const top = [...counts].map(([value, count]) => ({ value, count })).sort((a, b) => b.count - a.count || (a.value < b.value ? -1 : 1));
  return {
    name: column.name,
    type: 'string',
    missing: rows - present,
    nonFinite: 0,
    distinct,
    ...(distinctError > 0 && { distinctError }),
    top: top.slice(0, topValues),
    topAbove,
    text: { minimumLength, maximumLength, meanLength, replaced, ...(forms && { forms }) },
    ...(reference?.top && { ofReferenceTop: reference.top.map(({ value }) => counts.get(value) ?? 0) }),
  };
}
