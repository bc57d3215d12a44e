import { numericStatistics, type ColumnStatistics } from '@refit/data-validation';
import { statisticsType } from '../column-types.js';
import type { DuckDb } from '../duckdb.js';
import { doubles } from '../number-vectors.js';
import { identifier } from '../sql.js';
import { asNumber } from './column-sql.js';
import type { ColumnTask, StatisticsSource } from './column-task.js';
import { sumOfWeights } from './statistics-source.js';
import { ValueCollector } from './value-collector.js';

/** Statistics of number and time columns with few distinct values, from one query over all of them that gives each one's values in order. */
export async function groupedNumbers(db: DuckDb, source: StatisticsSource, tasks: readonly ColumnTask[]): Promise<readonly ColumnStatistics[]> {
  const { relation, weight } = source;
  const groups = tasks.map(({ column }, i) => {
    const name = identifier(column.name);
    const n = weight === undefined ? 'CAST(count(*) AS DOUBLE)' : sumOfWeights(identifier(weight.column));
    const counted = weight === undefined ? 'count(*)' : `count_if(CAST(${identifier(weight.column)} AS DOUBLE) > 0)`;
    return `SELECT CAST(${i} AS DOUBLE) AS i, ${asNumber(column)} AS value, ${n} AS n, CAST(${counted} AS DOUBLE) AS rows FROM ${relation} WHERE ${name} IS NOT NULL GROUP BY ${name}`;
  });
  const found: ColumnStatistics[] = [];
  let collector = new ValueCollector();
  const finish = () => {
    const task = tasks[found.length];
    if (task) found.push(columnStatistics(task, source, collector));
    collector = new ValueCollector();
  };
  for await (const chunk of db.chunks(`SELECT i, coalesce(value, 'infinity') AS value, n, rows FROM (${groups.join(' UNION ALL ')}) WHERE n > 0 ORDER BY i, value`)) {
    const [indices, values, counts, rows] = [doubles(chunk, 0), doubles(chunk, 1), doubles(chunk, 2), doubles(chunk, 3)];
    for (let row = 0; row < chunk.rowCount; row++) {
      while (found.length < (indices[row] ?? 0)) finish();
      collector.add(values[row] ?? Number.NaN, counts[row] ?? 0, rows[row] ?? 0);
    }
  }
  while (found.length < tasks.length) finish();
  return found;
}

function columnStatistics({ column, reference, range }: ColumnTask, { rows, weight }: StatisticsSource, collector: ValueCollector): ColumnStatistics {
  const numeric = numericStatistics(collector.finite(), {
    edges: reference?.numeric?.histogram.edges, range, comparisonEdges: reference?.numeric?.comparison?.edges, weightedRows: weight && collector.finiteRows,
  });
  return {
    name: column.name,
    type: statisticsType(column.type),
    missing: weight ? Math.max(weight.total - collector.present, 0) : rows - collector.present,
    nonFinite: collector.nonFinite,
    nan: collector.nan,
    distinct: collector.distinct,
    ...(numeric && { numeric }),
  };
}
