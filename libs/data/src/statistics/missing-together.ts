import { mostMissingTogether, type ColumnStatistics, type DatasetStatistics } from '@refit/data-validation';
import type { DuckDb } from '../duckdb.js';
import { identifier } from '../sql.js';
import type { StatisticsSource } from './column-task.js';

/** A set of columns is a number with a bit for each: so many are asked, those that lack most. */
const mostColumns = 62;

/** Which columns lack values in the same rows, from one query over those that lack some but not all. */
export async function missingTogether(db: DuckDb, { relation, rows }: StatisticsSource, columns: readonly ColumnStatistics[]): Promise<Pick<DatasetStatistics, 'missingTogether'>> {
  const gappy = columns.filter(({ missing }) => missing > 0 && missing < rows).toSorted((a, b) => b.missing - a.missing).slice(0, mostColumns);
  if (gappy.length < 2) return {};
  const inOrder = columns.filter((column) => gappy.includes(column));
  const set = inOrder.map(({ name }, i) => `CASE WHEN ${identifier(name)} IS NULL THEN ${2n ** BigInt(i)}::BIGINT ELSE 0 END`).join(' + ');
  const found = await db.rows(`SELECT CAST(missing AS VARCHAR) AS missing, CAST(n AS DOUBLE) AS n FROM (SELECT ${set} AS missing, count(*) AS n FROM ${relation} GROUP BY missing)
    WHERE bit_count(missing) > 1 ORDER BY n DESC, missing LIMIT ${mostMissingTogether}`);
  if (found.length === 0) return {};
  const isIn = (missing: bigint, i: number) => ((missing >> BigInt(i)) & 1n) === 1n;
  return { missingTogether: found.map((row) => ({ columns: inOrder.filter((_, i) => isIn(BigInt(String(row['missing'])), i)).map(({ name }) => name), rows: Number(row['n']) })) };
}
