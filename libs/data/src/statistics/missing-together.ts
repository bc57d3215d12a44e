import { mostMissingTogether, type ColumnStatistics, type DatasetStatistics } from '@refit/data-validation';
import type { DuckDb } from '../duckdb.js';
import { identifier } from '../sql.js';
import type { StatisticsSource } from './column-task.js';

/** Columns beyond these are not asked. */
const mostColumns = 256;

/** Which columns lack values in the same rows, from one query over those that lack some but not all. */
export async function missingTogether(db: DuckDb, { relation, rows }: StatisticsSource, columns: readonly ColumnStatistics[]): Promise<Pick<DatasetStatistics, 'missingTogether'>> {
  const gappy = columns.filter(({ missing }) => missing > 0 && missing < rows).slice(0, mostColumns);
  if (gappy.length < 2) return {};
  const set = gappy.map(({ name }) => `CASE WHEN ${identifier(name)} IS NULL THEN '1' ELSE '0' END`).join(' || ');
  const found = await db.rows(`SELECT missing, CAST(count(*) AS DOUBLE) AS n FROM (SELECT ${set} AS missing FROM ${relation})
    WHERE length(replace(missing, '0', '')) > 1 GROUP BY missing ORDER BY n DESC, missing LIMIT ${mostMissingTogether}`);
  if (found.length === 0) return {};
  return { missingTogether: found.map((row) => ({ columns: gappy.filter((_, i) => String(row['missing'])[i] === '1').map(({ name }) => name), rows: Number(row['n']) })) };
}
