import { comparisonEdges, distinctHashes, summaryBins, summaryHashes, summaryTop, type ColumnStatistics, type ColumnSummary, type DatasetStatistics, type PartitionStatistics } from '@refit/data-validation';
import type { SnapshotColumn } from '../column-types.js';
import type { DuckDb } from '../duckdb.js';
import { doubles } from '../number-vectors.js';
import { describeSnapshot } from '../snapshot-columns.js';
import { identifier } from '../sql.js';
import { BinnedNumbers } from './binned-numbers.js';
import { asFinite, asNumber, cut } from './column-sql.js';
import { rowNumber } from './column-task.js';
import { firstHashes } from './sample-columns.js';
import { statisticsSource } from './statistics-source.js';

/** Edges of bins are quantiles of so many rows. */
const sampleRows = 65_536;
const columnsPerQuery = 16;

/** Of more values these are not counted each. */
const mostGrouped = 131_072;

interface Described {
  readonly column: SnapshotColumn;
  readonly statistics: ColumnStatistics;
}

/**
 * Statistics of a Parquet file together with what merges them with those of others (see `mergeStatistics`), from three
 * more readings. The same rows have the same summaries.
 */
export async function summariseColumns(db: DuckDb, parquet: string, statistics: DatasetStatistics): Promise<PartitionStatistics> {
  const snapshot = await describeSnapshot(db, parquet);
  const { relation, rows } = await statisticsSource(db, { parquet }, snapshot, {});
  const described = snapshot.columns.flatMap((column) => {
    const found = statistics.columns.find(({ name }) => name === column.name);
    return found ? [{ column, statistics: found }] : [];
  });
  const summaries: Record<string, ColumnSummary> = {};
  const by = await hasher(db);
  for (let from = 0; from < described.length; from += columnsPerQuery) {
    const batch = described.slice(from, from + columnsPerQuery);
    const bins = await numberBins(db, relation, rows, batch);
    const hashes = await smallestHashes(db, relation, batch);
    const tops = await frequentValues(db, relation, batch);
    batch.forEach(({ column: { name } }, i) => {
      const [own, top] = [bins.get(name), tops.get(name)];
      summaries[name] = { ...(own && { bins: own.asBins }), ...(top && { top }), distinct: distinctHashes(by, hashes[i] ?? []) };
    });
  }
  return { ...statistics, summaries };
}

/** DuckDB's hashes are its own from version to version. */
async function hasher(db: DuckDb): Promise<string> {
  const [row] = await db.rows('SELECT version() AS version');
  return `duckdb ${String(row?.['version'])}`;
}

class NumberBins extends BinnedNumbers {
  get asBins() {
    const { edges, typical, unit } = this;
    return { edges, counts: [...this.counts], means: [...this.counts].map((count, i) => (count === 0 ? 0 : typical + unit * ((this.sums[i] ?? 0) / count))) };
  }
}

async function numberBins(db: DuckDb, relation: string, rows: number, described: readonly Described[]): Promise<ReadonlyMap<string, NumberBins>> {
  const numbers = described.filter(({ statistics }) => statistics.numeric);
  if (numbers.length === 0) return new Map();
  const steps = Array.from({ length: summaryBins - 1 }, (_, i) => (i + 1) / summaryBins);
  const chosen = rows <= sampleRows ? '' : `WHERE hash(${rowNumber}) < ${firstHashes(sampleRows / rows)}`;
  const quantiles = numbers.map(({ column }, i) => `CAST(to_json(quantile_disc(${asFinite(column)}, [${steps.join(', ')}])) AS VARCHAR) AS q${i}`);
  const [found = {}] = await db.rows(`SELECT ${quantiles.join(', ')} FROM ${relation} ${chosen}`);
  const bins = numbers.map(({ statistics: { numeric } }, i) => {
    const edges = JSON.parse(String(found[`q${i}`] ?? '[]')) as number[] | null; // as to_json writes a list of numbers
    const typical = numeric?.quantiles[2] ?? 0;
    const deviation = Math.max((numeric?.maximum ?? 0) / 2 - typical / 2, typical / 2 - (numeric?.minimum ?? 0) / 2);
    const exponent = deviation > 0 ? Math.ceil(Math.log2(deviation)) + 2 : 0;
    return new NumberBins(comparisonEdges(edges ?? []), typical, 2 ** Math.min(Math.max(exponent, -1000), 1023));
  });
  for await (const chunk of db.chunks(`SELECT ${numbers.map(({ column }) => `coalesce(${asNumber(column)}, 'nan')`).join(', ')} FROM ${relation}`)) {
    bins.forEach((own, i) => own.add(doubles(chunk, i), chunk.rowCount));
  }
  return new Map(numbers.map(({ column: { name } }, i) => [name, bins[i] ?? new NumberBins([], 0, 1)]));
}

/** In [0, 1), ascending, by column; one more than are kept tells that there are more. Of many values only the first hashes are looked at. */
async function smallestHashes(db: DuckDb, relation: string, described: readonly Described[]): Promise<readonly (readonly number[])[]> {
  const queries = described.map(({ column, statistics: { distinct } }, i) => {
    const name = identifier(column.name);
    const few = distinct <= 8 * summaryHashes ? '' : ` AND hash(${name}) < ${firstHashes((4 * summaryHashes) / distinct)}`;
    return `(SELECT ${i} AS i, h FROM (SELECT DISTINCT CAST(hash(${name}) >> 11 AS DOUBLE) / 9007199254740992 AS h FROM ${relation} WHERE ${name} IS NOT NULL${few}) ORDER BY h LIMIT ${summaryHashes + 1})`;
  });
  const found = described.map((): number[] => []);
  for (const row of await db.rows(`SELECT i, h FROM (${queries.join(' UNION ALL ')}) ORDER BY i, h`)) found[Number(row['i'])]?.push(Number(row['h']));
  return found;
}

/** Of columns that have more values than their statistics list. */
async function frequentValues(db: DuckDb, relation: string, described: readonly Described[]) {
  const long = described.filter(({ statistics: { top, distinct } }) => top && distinct > top.length && distinct <= mostGrouped);
  const queries = long.map(({ column }, i) => {
    const value = cut(identifier(column.name));
    return `(SELECT ${i} AS i, ${value} AS value, CAST(count(*) AS DOUBLE) AS n FROM ${relation} WHERE ${value} IS NOT NULL GROUP BY ${value} ORDER BY n DESC, value LIMIT ${summaryTop + 1})`;
  });
  const found = long.map((): { value: string; count: number }[] => []);
  const rows = queries.length === 0 ? [] : await db.rows(`SELECT i, value, n FROM (${queries.join(' UNION ALL ')}) ORDER BY i, n DESC, value`);
  for (const row of rows) found[Number(row['i'])]?.push({ value: String(row['value']), count: Number(row['n']) });
  return new Map(long.map(({ column }, i) => [column.name, { values: (found[i] ?? []).slice(0, summaryTop), unlisted: found[i]?.[summaryTop]?.count ?? 0 }]));
}
