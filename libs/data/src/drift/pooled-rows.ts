import type { SnapshotColumn } from '../column-types.js';
import type { DuckDb } from '../duckdb.js';
import { doubles } from '../number-vectors.js';
import { describeRows, type DescribedSnapshot, type RowsSource } from '../snapshot-columns.js';
import { identifier } from '../sql.js';
import { asFinite } from '../statistics/column-sql.js';
import { rowNumber } from '../statistics/column-task.js';
import { firstHashes } from '../statistics/sample-columns.js';
import { statisticsSource } from '../statistics/statistics-source.js';

/** Rows of two sets, one after the other, as numbers by column; NaN is missing. */
export interface PooledRows {
  readonly referenceRows: number;
  readonly sampleRows: number;
  /** In this order; of those asked for, the ones that both sides have and that are no times. */
  readonly columns: readonly string[];
  /** By column: that of row r of column c is `values[c * rows + r]`. */
  readonly values: Float32Array;
}

/** Categories beyond the most frequent so many are one. */
const mostCategories = 254;

/**
 * At most so many rows of each side, those that a hash of their number chooses, in their order. Truth values are 0 and 1, a
 * category is its place by frequency among both sides together, which says nothing of the side that it is from.
 *
 * @param db reaches both
 */
export async function readPooledRows(db: DuckDb, reference: RowsSource, sample: RowsSource, columns: readonly string[], most: number): Promise<PooledRows> {
  const [before, now] = [await describeRows(db, reference), await describeRows(db, sample)];
  const asked = columns.flatMap((name) => comparable(before, now, name));
  const table = identifier('refit:pooled');
  const selected = async (source: RowsSource, described: DescribedSnapshot, side: number) => {
    const { relation } = await statisticsSource(db, source, described, {});
    const values = asked.map(({ kind }, i) => `${valueOf(described, asked[i]?.name ?? '', kind)} AS c${i}`);
    // Somewhat more than asked for, so that there are enough of them, then the first of these.
    const chosen = `hash(${rowNumber}) < ${firstHashes((most * 1.1 + 200) / Math.max(described.rows, 1))}`;
    return `(SELECT ${[`${side} AS side`, `${rowNumber} AS place`, ...values].join(', ')} FROM ${relation} WHERE ${chosen} ORDER BY hash(${rowNumber}) LIMIT ${most})`;
  };
  await db.run(`CREATE TEMP TABLE ${table} AS ${await selected(reference, before, 0)} UNION ALL ${await selected(sample, now, 1)}`);
  try {
    return await readTable(db, table, asked);
  } finally {
    await db.run(`DROP TABLE ${table}`);
  }
}

interface PooledColumn {
  readonly name: string;
  readonly kind: 'number' | 'category';
}

function comparable(before: DescribedSnapshot, now: DescribedSnapshot, name: string): readonly PooledColumn[] {
  const [a, b] = [find(before, name), find(now, name)];
  if (!a || !b || a.type === 'TIMESTAMP' || b.type === 'TIMESTAMP') return [];
  const areTexts = [a, b].filter(({ type }) => type === 'VARCHAR').length;
  return areTexts === 1 ? [] : [{ name, kind: areTexts === 2 ? 'category' : 'number' }];
}

const find = ({ columns }: DescribedSnapshot, name: string) => columns.find((column) => column.name === name);

function valueOf(described: DescribedSnapshot, name: string, kind: PooledColumn['kind']): string {
  const column: SnapshotColumn = find(described, name) ?? { name, type: 'DOUBLE' };
  return kind === 'category' ? identifier(name) : `CAST(${asFinite(column)} AS DOUBLE)`;
}

async function readTable(db: DuckDb, table: string, columns: readonly PooledColumn[]): Promise<PooledRows> {
  const [counts] = await db.rows(`SELECT count(*) FILTER (side = 0) AS m, count(*) FILTER (side = 1) AS n FROM ${table}`);
  const [referenceRows, sampleRows] = [Number(counts?.['m']), Number(counts?.['n'])];
  const rows = referenceRows + sampleRows;
  const values = new Float32Array(columns.length * rows);
  const frequencies = columns.flatMap(({ kind }, i) => (kind === 'category' ? [`CASE WHEN c${i} IS NOT NULL THEN count(*) OVER (PARTITION BY c${i}) END AS n${i}`] : []));
  const numbers = columns.map(({ kind }, i) => `coalesce(${kind === 'number' ? `c${i}` : `CASE WHEN c${i} IS NOT NULL THEN least(dense_rank() OVER (ORDER BY n${i} DESC NULLS LAST, c${i}), ${mostCategories})::DOUBLE END`}, 'nan'::DOUBLE) AS v${i}`);
  if (columns.length > 0) {
    let at = 0;
    const inner = `SELECT ${['*', ...frequencies].join(', ')} FROM ${table}`;
    for await (const chunk of db.chunks(`SELECT ${columns.map((_, i) => `v${i}`).join(', ')} FROM (SELECT side, place, ${numbers.join(', ')} FROM (${inner})) ORDER BY side, place`)) {
      columns.forEach((_, c) => values.set(doubles(chunk, c).subarray(0, chunk.rowCount).map(withinFloat), c * rows + at));
      at += chunk.rowCount;
    }
  }
  return { referenceRows, sampleRows, columns: columns.map(({ name }) => name), values };
}

/** A number beyond those of 32 bits would become infinite. */
const largest = 3e38;
const withinFloat = (value: number) => (Math.abs(value) > largest ? Math.sign(value) * largest : value);
