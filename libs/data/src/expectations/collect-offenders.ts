import type { Expectation } from '@refit/contracts';
import { expectedColumns, mostKeys, mostSamples, type OffendersOfExpectation, type OffenderSample, type OffendingRow } from '@refit/data-validation';
import type { DuckDb, Row } from '../duckdb.js';
import { identifier } from '../sql.js';
import { rowNumber } from '../statistics/column-task.js';
import { cut } from '../statistics/column-sql.js';
import { scoped } from './measure-expectations.js';
import { askedRows, prepareExpectations, type AskedRows, type Prepared } from './prepare-expectations.js';
import { isFault } from './row-rule.js';
import { throwUnlessSql, type RowsAccess } from './rows-access.js';

export interface OffendersOptions {
  readonly now: number;
  /** Those that are not in the data are left out. */
  readonly keyColumns: readonly string[];
  /** Of each expectation, how many rows are unexpected in all. */
  readonly unexpected: ReadonlyMap<string, number>;
  /** Row numbers, from 0, of those that rows alone cannot tell. */
  readonly known?: ReadonlyMap<string, readonly number[]>;
  readonly limitMs?: number;
}

/** Wider data is shown in part: first the columns that the expectation names. */
const mostColumns = 100;

/**
 * For each of these expectations the first rows that are not as expected: their numbers and keys, and of a few all values.
 * One whose rows cannot be found in time has none.
 */
export async function collectOffenders(access: RowsAccess, expectations: readonly Expectation[], options: OffendersOptions): Promise<readonly OffendersOfExpectation[]> {
  const { limitMs = 30_000 } = options;
  const collected: OffendersOfExpectation[] = [];
  for (const expectation of expectations) {
    try {
      collected.push(await access.within(limitMs / expectations.length, (db) => offendersOf(db, access, expectation, options)));
    } catch (error) {
      throwUnlessSql(error, access);
      collected.push({ name: expectation.name, unexpectedRows: options.unexpected.get(expectation.name) ?? 0, columns: expectedColumns(expectation), rows: [], samples: [] });
    }
  }
  return collected;
}

async function offendersOf(db: DuckDb, { source }: RowsAccess, expectation: Expectation, { now, keyColumns, unexpected, known }: OffendersOptions): Promise<OffendersOfExpectation> {
  const asked = await askedRows(db, source);
  const numbers = known?.get(expectation.name) ?? (await offendingNumbers(db, asked, expectation, now));
  return {
    name: expectation.name, unexpectedRows: unexpected.get(expectation.name) ?? numbers.length, columns: expectedColumns(expectation),
    rows: await keysOf(db, asked, numbers.slice(0, mostKeys), keyColumns), samples: await samplesOf(db, asked, numbers.slice(0, mostSamples), expectation),
  };
}

async function offendingNumbers(db: DuckDb, asked: AskedRows, expectation: Expectation, now: number): Promise<readonly number[]> {
  const [prepared] = await prepareExpectations(db, asked, [expectation], now);
  if (!prepared || isFault(prepared)) return [];
  const offenders = offendersSql(prepared as Prepared, asked.relation); // it is no fault
  if (offenders === undefined) return [];
  const found = await db.rows(`SELECT ${rowNumber} AS row FROM (${offenders}) ORDER BY row LIMIT ${mostKeys}`);
  return found.map(({ row }) => Number(row));
}

function offendersSql({ asked, rule }: Prepared, relation: string): string | undefined {
  const about = scoped(relation, asked);
  if ('newest' in rule) return undefined;
  return 'offenders' in rule ? rule.offenders(about) : `SELECT * FROM ${about} WHERE ${rule.judged} AND NOT (${rule.good})`;
}

async function keysOf(db: DuckDb, { relation, columns }: AskedRows, numbers: readonly number[], keyColumns: readonly string[]): Promise<readonly OffendingRow[]> {
  const key = keyColumns.filter((name) => columns.some((column) => column.name === name));
  if (key.length === 0) return numbers.map((row) => ({ row: row + 1, key: [] }));
  const rows = await rowsAt(db, relation, numbers, key);
  return rows.map((found) => ({ row: numberOf(found), key: key.map((_, i) => textOf(found, i)) }));
}

async function samplesOf(db: DuckDb, { relation, columns }: AskedRows, numbers: readonly number[], expectation: Expectation): Promise<readonly OffenderSample[]> {
  const names = columns.map(({ name }) => name);
  const first = expectedColumns(expectation).filter((name) => names.includes(name));
  const shown = new Set([...first, ...names].slice(0, mostColumns + first.length));
  const selected = names.filter((name) => shown.has(name)).slice(0, Math.max(mostColumns, first.length));
  const rows = await rowsAt(db, relation, numbers, selected);
  return rows.map((found) => ({ row: numberOf(found), values: Object.fromEntries(selected.map((name, i) => [name, textOf(found, i)])) }));
}

/** Reads only the rows with these numbers. */
async function rowsAt(db: DuckDb, relation: string, numbers: readonly number[], names: readonly string[]): Promise<readonly Row[]> {
  if (numbers.length === 0) return [];
  const values = names.map((name, i) => `${cut(`CAST(${identifier(name)} AS VARCHAR)`)} AS v${i}`);
  return db.rows(`SELECT ${rowNumber} AS row, ${values.join(', ')} FROM ${relation} WHERE ${rowNumber} IN (${numbers.join(', ')}) ORDER BY row`);
}

const numberOf = (found: Row) => Number(found['row']) + 1;

const textOf = (found: Row, i: number): string | null => {
  const value = found[`v${i}`];
  return value === null || value === undefined ? null : String(value);
};
