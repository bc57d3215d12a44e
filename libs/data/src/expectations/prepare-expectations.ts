import type { Expectation } from '@refit/contracts';
import type { DuckDb } from '../duckdb.js';
import { describeRows, type RowsSource } from '../snapshot-columns.js';
import type { SnapshotColumn } from '../column-types.js';
import { statisticsSource } from '../statistics/statistics-source.js';
import { isFault, rowRule, type Fault, type RowRule } from './row-rule.js';
import { manyRowsRule, type ManyRowsRule } from './many-rows-rule.js';
import { misfitOf, parenthesized, refusalOf } from './user-sql.js';

/** The rows that expectations are asked of. */
export interface AskedRows {
  readonly relation: string;
  readonly rows: number;
  readonly columns: readonly SnapshotColumn[];
}

/** An expectation as SQL over these rows. */
export interface Prepared {
  readonly expectation: Expectation;
  /** SQL, true of the rows that it is about, and never NULL. */
  readonly asked: string;
  readonly rule: RowRule | ManyRowsRule;
}

export type Preparation = Prepared | (Fault & { readonly expectation: Expectation });

export async function askedRows(db: DuckDb, from: RowsSource): Promise<AskedRows> {
  const described = await describeRows(db, from);
  const { relation, rows } = await statisticsSource(db, from, described, {});
  return { relation, rows, columns: described.columns };
}

/** Each expectation as SQL, or why these rows cannot be asked it. Nothing is read of them yet. */
export async function prepareExpectations(db: DuckDb, rows: AskedRows, expectations: readonly Expectation[], now: number): Promise<readonly Preparation[]> {
  const preparations: Preparation[] = [];
  for (const expectation of expectations) preparations.push({ expectation, ...(await prepare(db, rows, expectation, now)) });
  return preparations;
}

async function prepare(db: DuckDb, { relation, columns }: AskedRows, expectation: Expectation, now: number): Promise<Omit<Prepared, 'expectation'> | Fault> {
  const { where, expected } = expectation;
  const names = columns.map(({ name }) => name);
  for (const sql of [where, expected.case === 'sql' ? expected.value : ''].filter((text) => text !== '')) {
    const trouble = (await refusalOf(db, sql, names)) ?? (await misfitOf(db, sql, relation, names));
    if (trouble !== undefined) return { fault: trouble };
  }
  const rule = rowRule(expectation, columns, now) ?? manyRowsRule(expectation, columns);
  if (isFault(rule)) return rule;
  return { asked: where === '' ? 'true' : `${parenthesized(where)} IS TRUE`, rule };
}
