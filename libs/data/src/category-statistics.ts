import { topValues, type ColumnStatistics } from '@refit/data-validation';
import { statisticsType } from './column-types.js';
import type { ColumnTask } from './column-task.js';
import type { DuckDb, Row } from './duckdb.js';
import { identifier, literal } from './sql.js';

/** Longer values are cut where they are reported; they are counted whole. */
const reportedLength = 200;

/** Statistics of text and boolean columns, from one query over all of them. */
export async function categoryStatistics(db: DuckDb, source: string, tasks: readonly ColumnTask[]): Promise<readonly ColumnStatistics[]> {
  if (tasks.length === 0) return [];
  const groups = tasks.map(({ column }, i) => {
    const name = identifier(column.name);
    return `SELECT ${i} AS i, CAST(${name} AS VARCHAR) AS value, CAST(count(*) AS DOUBLE) AS n FROM ${source} WHERE ${name} IS NOT NULL GROUP BY ${name}`;
  });
  const wanted = tasks.flatMap(({ reference }, i) => (reference?.top ?? []).map(({ value }) => `(${i}, ${literal(value)})`));
  const rows = await db.rows(`
    SELECT i, ${cut('value')} AS value, n,
      CAST(count(*) OVER (PARTITION BY i) AS DOUBLE) AS "distinct",
      sum(n) OVER (PARTITION BY i) AS present,
      CAST(row_number() OVER (PARTITION BY i ORDER BY n DESC, value) AS DOUBLE) AS rank
    FROM (${groups.join(' UNION ALL ')})
    QUALIFY rank <= ${topValues}${wanted.length > 0 ? ` OR (i, ${cut('value')}) IN (${wanted.join(', ')})` : ''}
    ORDER BY i, rank`);
  const byColumn = Map.groupBy(rows, (row) => Number(row['i']));
  return tasks.map((task, i) => columnStatistics(task, byColumn.get(i) ?? []));
}

const cut = (expression: string) => `left(${expression}, ${reportedLength})`;

function columnStatistics({ column, rows, reference }: ColumnTask, found: readonly Row[]): ColumnStatistics {
  const counts = new Map<string, number>();
  for (const row of found) counts.set(String(row['value']), (counts.get(String(row['value'])) ?? 0) + Number(row['n']));
  return {
    name: column.name,
    type: statisticsType(column.type),
    missing: rows - Number(found[0]?.['present'] ?? 0),
    nonFinite: 0,
    distinct: Number(found[0]?.['distinct'] ?? 0),
    top: found.filter((row) => Number(row['rank']) <= topValues).map((row) => ({ value: String(row['value']), count: Number(row['n']) })),
    ...(reference?.top && { ofReferenceTop: reference.top.map(({ value }) => counts.get(value) ?? 0) }),
  };
}
