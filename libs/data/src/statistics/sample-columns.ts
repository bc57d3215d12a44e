import { topValues } from '@refit/data-validation';
import type { SnapshotColumn } from '../column-types.js';
import type { DuckDb } from '../duckdb.js';
import { doubles } from '../number-vectors.js';
import { identifier } from '../sql.js';
import { asFinite, cut } from './column-sql.js';
import { rowNumber, type StatisticsSource } from './column-task.js';
import { formOf, isMojibake } from './text-forms.js';

/** What a sample of the rows tells about a column. */
export interface SampledColumn {
  /** Values that the sample has more than once, the most frequent first; numbers as text that reads back to the same number. */
  readonly frequent: readonly string[];
  /** Of numbers: the sample's finite values, ascending. */
  readonly sorted: Float64Array;
  /** Of text: whether any of it is more than words. */
  readonly hasForms: boolean;
}

/** A value that more than a thousandth of the rows have is in such a sample at least twice but for one case in 10¹². */
const sampleRows = 32_768;
const columnsPerSample = 50;
const table = identifier('refit:sample');

/**
 * By name, of the columns that may have more than so many distinct values, from the same rows for each: chosen by a hash
 * of their number, so that no order of the rows can mislead. What share of all rows has values that the sample does not
 * is about that of the values that it has once (I. J. Good, "The population frequencies of species", Biometrika 40,
 * 1953), and so many rows bring at most as many values.
 */
export async function sampleColumns(
  db: DuckDb, { relation, rows }: StatisticsSource, columns: readonly SnapshotColumn[], mostDistinct: number,
): Promise<ReadonlyMap<string, SampledColumn>> {
  const found = new Map<string, SampledColumn>();
  for (let from = 0; from < columns.length; from += columnsPerSample) {
    const batch = columns.slice(from, from + columnsPerSample);
    const values = batch.map((column) => `${isText(column) ? cut(identifier(column.name)) : asFinite(column)} AS ${identifier(column.name)}`);
    await db.run(`CREATE TEMP TABLE ${table} AS SELECT ${values.join(', ')} FROM ${relation} WHERE hash(${rowNumber}) < ${firstHashes(sampleRows / rows)}`);
    try {
      for (const [name, sampled] of await describeSample(db, batch, mostDistinct / rows)) found.set(name, sampled);
    } finally {
      await db.run(`DROP TABLE ${table}`);
    }
  }
  return found;
}

const isText = ({ type }: SnapshotColumn) => type === 'VARCHAR';

/** The SQL literal where the part of DuckDB's hashes, which are 64 bits long, that makes up a share of them ends. */
export const firstHashes = (share: number): string => `${BigInt(Math.floor(Math.min(share, 1) * 2 ** 53)) * 2n ** 11n - 1n}::UBIGINT`;

async function describeSample(db: DuckDb, columns: readonly SnapshotColumn[], mostUnseen: number): Promise<readonly (readonly [string, SampledColumn])[]> {
  const groups = (of: readonly SnapshotColumn[]) => of.map(({ name }, i) =>
    `SELECT ${i} AS i, CAST(${identifier(name)} AS VARCHAR) AS value, count(*) AS n FROM ${table} WHERE ${identifier(name)} IS NOT NULL GROUP BY ${identifier(name)}`).join(' UNION ALL ');
  const unseen = await db.rows(`SELECT i, count(*) FILTER (n = 1) / sum(n) AS unseen FROM (${groups(columns)}) GROUP BY i HAVING unseen > ${mostUnseen} ORDER BY i`);
  const doubtful = unseen.flatMap((row) => columns[Number(row['i'])] ?? []);
  if (doubtful.length === 0) return [];
  const frequent = await db.rows(`SELECT i, value FROM (${groups(doubtful)}) WHERE n > 1 QUALIFY row_number() OVER (PARTITION BY i ORDER BY n DESC, value) <= ${topValues} ORDER BY i, n DESC, value`);
  const formed = await withForms(db, doubtful.filter(isText));
  const sorted = await sortedNumbers(db, doubtful.filter((column) => !isText(column)));
  return doubtful.map((column, i) => [column.name, {
    frequent: frequent.filter((row) => Number(row['i']) === i).map((row) => String(row['value'])),
    sorted: sorted.get(column.name) ?? new Float64Array(), hasForms: formed.has(column.name),
  }]);
}

async function withForms(db: DuckDb, columns: readonly SnapshotColumn[]): Promise<ReadonlySet<string>> {
  if (columns.length === 0) return new Set();
  const [row = {}] = await db.rows(`SELECT ${columns.map(({ name }, i) => `count_if(${formOf(identifier(name))} IS NOT NULL OR ${isMojibake(identifier(name))}) AS n${i}`).join(', ')} FROM ${table}`);
  return new Set(columns.filter((_, i) => Number(row[`n${i}`]) > 0).map(({ name }) => name));
}

async function sortedNumbers(db: DuckDb, columns: readonly SnapshotColumn[]): Promise<ReadonlyMap<string, Float64Array>> {
  const values = columns.map((): number[] => []);
  if (columns.length === 0) return new Map();
  for await (const chunk of db.chunks(`SELECT ${columns.map(({ name }) => `coalesce(${identifier(name)}, 'nan')`).join(', ')} FROM ${table}`)) {
    values.forEach((list, i) => {
      for (const value of doubles(chunk, i).subarray(0, chunk.rowCount)) if (!Number.isNaN(value)) list.push(value);
    });
  }
  return new Map(columns.map(({ name }, i) => [name, Float64Array.from(values[i] ?? []).sort()]));
}
