import { topValues, type ColumnStatistics } from '@refit/data-validation';
import { statisticsType } from '../column-types.js';
import type { DuckDb, Row } from '../duckdb.js';
import { identifier, literal } from '../sql.js';
import { cut, replacement } from './column-sql.js';
import type { ColumnTask, StatisticsSource } from './column-task.js';
import { sumOfWeights } from './statistics-source.js';
import { formOf, isMojibake, sumForms, textForms } from './text-forms.js';

/** Statistics of boolean columns, and of text columns with few distinct values, from one query over all of them. */
export async function groupedCategories(db: DuckDb, source: StatisticsSource, tasks: readonly ColumnTask[]): Promise<readonly ColumnStatistics[]> {
  const { relation, weight } = source;
  const groups = tasks.map(({ column }, i) => {
    const name = identifier(column.name);
    const n = weight === undefined ? 'CAST(count(*) AS DOUBLE)' : sumOfWeights(identifier(weight.column));
    return `SELECT ${i} AS i, CAST(${name} AS VARCHAR) AS value, ${n} AS n FROM ${relation} WHERE ${name} IS NOT NULL GROUP BY ${name}`;
  });
  const wanted = tasks.flatMap(({ reference }, i) => (reference?.top ?? []).map(({ value }) => `(${i}, ${literal(value)})`));
  const rows = await db.rows(`
    SELECT i, ${cut('value')} AS value, n, ${perColumn}, CAST(row_number() OVER (PARTITION BY i ORDER BY n DESC, value) AS DOUBLE) AS rank
    FROM (SELECT *, length(value) AS length, ${formOf('value')} AS form, ${isMojibake('value')} AS damaged FROM (${groups.join(' UNION ALL ')}) WHERE n > 0)
    WINDOW own AS (PARTITION BY i)
    QUALIFY rank <= ${topValues}${wanted.length > 0 ? ` OR (i, ${cut('value')}) IN (${wanted.join(', ')})` : ''}
    ORDER BY i, rank`);
  const byColumn = Map.groupBy(rows, (row) => Number(row['i']));
  return tasks.map((task, i) => columnStatistics(task, source, byColumn.get(i) ?? []));
}

const perColumn = `CAST(count(*) OVER own AS DOUBLE) AS "distinct", sum(n) OVER own AS present, min(length) OVER own AS shortest, max(length) OVER own AS longest,
  sum(length * n) OVER own AS characters, sum(CASE WHEN contains(value, ${literal(replacement)}) THEN n ELSE 0 END) OVER own AS replaced,
  ${sumForms('form', 'damaged', (condition) => `sum(CASE WHEN ${condition} THEN n ELSE 0 END) OVER own`)}`;

function columnStatistics({ column, reference }: ColumnTask, { rows, weight }: StatisticsSource, found: readonly Row[]): ColumnStatistics {
  const counts = new Map<string, number>();
  for (const row of found) counts.set(String(row['value']), (counts.get(String(row['value'])) ?? 0) + Number(row['n']));
  const of = (key: string) => Number(found[0]?.[key] ?? 0);
  const hasText = column.type === 'VARCHAR' && found.length > 0;
  const forms = hasText ? textForms(found[0] ?? {}) : undefined;
  return {
    name: column.name,
    type: statisticsType(column.type),
    missing: Math.max((weight?.total ?? rows) - of('present'), 0),
    nonFinite: 0,
    distinct: of('distinct'),
    top: found.filter((row) => Number(row['rank']) <= topValues).map((row) => ({ value: String(row['value']), count: Number(row['n']) })),
    ...(hasText && { text: { minimumLength: of('shortest'), maximumLength: of('longest'), meanLength: of('characters') / of('present'), replaced: of('replaced'), ...(forms && { forms }) } }),
    ...(reference?.top && { ofReferenceTop: reference.top.map(({ value }) => counts.get(value) ?? 0) }),
  };
}
