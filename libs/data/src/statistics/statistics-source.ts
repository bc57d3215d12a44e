import { insteadOfColumn, RefitError } from '@refit/contracts';
import type { SnapshotColumn } from '../column-types.js';
import type { DuckDb } from '../duckdb.js';
import type { DescribedSnapshot, RowsSource } from '../snapshot-columns.js';
import { identifier, literal } from '../sql.js';
import { rowNumber, type StatisticsSource } from './column-task.js';

/** Which rows statistics are of, and how much each counts; by default all of them, alike. */
export interface RowSelection {
  /** Only the rows with this value, as text, in a column; null: those without a value. */
  readonly slice?: { readonly column: string; readonly value: string | null };
  /** A column of weights, which count to nine decimal places. Statistics have none of that column itself. */
  readonly weight?: string;
}

/** @throws RefitError FEATURES_MISSING, REQUEST_INVALID */
export async function statisticsSource(
  db: DuckDb, from: RowsSource, { columns, rows, select }: DescribedSnapshot, { slice, weight }: RowSelection,
): Promise<StatisticsSource> {
  const all = numberedRows(from, columns, select);
  if (!slice && weight === undefined) return { relation: all, rows };
  const relation = slice ? `(SELECT * FROM ${all} WHERE CAST(${column(columns, slice.column)} AS VARCHAR) IS NOT DISTINCT FROM ${slice.value === null ? 'NULL' : literal(slice.value)})` : all;
  const [count] = await db.rows(`SELECT count(*) AS n FROM ${relation}`);
  const source = { relation, rows: Number(count?.['n']) };
  return weight === undefined ? source : { ...source, weight: { column: weight, total: await totalWeight(db, source, column(columns, weight), weight) } };
}

/** DuckDB does not number rows that have a column of that name. */
function numberedRows(from: RowsSource, columns: readonly SnapshotColumn[], select: readonly string[]): string {
  const isTaken = (number: string) => columns.some(({ name }) => name.toLowerCase() === number);
  const numbered = (number: string, relation: string) => `(SELECT ${select.join(', ')}, ${number} AS ${rowNumber} FROM ${relation})`;
  if ('table' in from) return numbered(isTaken('rowid') ? 'row_number() OVER ()' : 'rowid', identifier(from.table));
  const path = literal(from.parquet);
  return isTaken('file_row_number') ? numbered('row_number() OVER ()', `read_parquet(${path})`) : numbered('file_row_number', `read_parquet(${path}, file_row_number = true)`);
}

/** As an SQL identifier. @throws RefitError FEATURES_MISSING */
export function column(columns: readonly SnapshotColumn[], name: string): string {
  if (columns.some((candidate) => candidate.name === name)) return identifier(name);
  throw new RefitError('FEATURES_MISSING', `the data has no column "${name}" (${insteadOfColumn(name, columns.map((c) => c.name))})`);
}

const nanos = 1e9;

/** Weights added as whole numbers: the same sum in any order. */
export const sumOfWeights = (expression: string): string => `CAST(sum(CAST(round(CAST(${expression} AS DOUBLE) * ${nanos}) AS HUGEINT)) AS DOUBLE) / ${nanos}`;

async function totalWeight(db: DuckDb, { relation }: StatisticsSource, expression: string, name: string): Promise<number> {
  const number = `TRY_CAST(${expression} AS DOUBLE)`;
  const [row] = await db.rows(`SELECT count(*) FILTER (${number} IS NULL OR NOT isfinite(${number}) OR ${number} < 0 OR ${number} > 1e15) AS wrong FROM ${relation}`);
  if (Number(row?.['wrong']) > 0) throw new RefitError('REQUEST_INVALID', `"${name}" cannot weigh rows: in ${Number(row?.['wrong'])} of them it is no number from 0 to 1e15`);
  const [sum] = await db.rows(`SELECT ${sumOfWeights(expression)} AS total FROM ${relation}`);
  return Number(sum?.['total'] ?? 0);
}
