import type { Expectation } from '@refit/contracts';
import { unknown, type Measured } from '@refit/data-validation';
import type { DuckDb, Row } from '../duckdb.js';
import { askedRows, prepareExpectations, type AskedRows, type Preparation, type Prepared } from './prepare-expectations.js';
import { isFault, type RowRule } from './row-rule.js';
import { isTimeout, throwUnlessSql, type RowsAccess } from './rows-access.js';
import { rowTrouble } from './user-sql.js';

export interface MeasureOptions {
  /** What counts as now, in milliseconds since 1970. */
  readonly now: number;
  /** For all of them together. Default one minute. */
  readonly limitMs?: number;
}

/**
 * Counts, for each expectation that rows alone can tell about (all but `rowCount` and `disjoint`), the rows that it is
 * about, that are judged and that are not as expected. All that look at single rows share one scan; a key or an order takes
 * one of its own. Where the shared scan fails, each is asked alone, so that only those that fail are unknown.
 *
 * @returns by name
 */
export async function measureExpectations(access: RowsAccess, expectations: readonly Expectation[], { now, limitMs = 60_000 }: MeasureOptions): Promise<ReadonlyMap<string, Measured>> {
  const until = performance.now() + limitMs;
  const measured = new Map<string, Measured>();
  if (expectations.length === 0) return measured;
  const { rows, preparations } = await access.within(limitMs, async (db) => {
    const asked = await askedRows(db, access.source);
    return { rows: asked, preparations: await prepareExpectations(db, asked, expectations, now) };
  });
  const prepared: Prepared[] = [];
  for (const preparation of preparations) {
    if (isUnfit(preparation)) measured.set(preparation.expectation.name, unknown(preparation.fault));
    else prepared.push(preparation);
  }
  const attempts = groupsOf(prepared);
  for (let group = attempts.shift(); group; group = attempts.shift()) {
    const limit = (until - performance.now()) / (attempts.length + 1);
    const found = await attempt(access, rows, group, { now, limitMs: limit });
    if (found) for (const [name, one] of found) measured.set(name, one);
    else attempts.unshift(...smallerGroups(group));
  }
  return measured;
}

const isUnfit = (preparation: Preparation): preparation is Extract<Preparation, { fault: string }> => isFault(preparation);

const isShared = ({ rule }: Prepared) => !('counts' in rule);

/** What is asked together: all that one scan can answer; each other by itself. */
function groupsOf(prepared: readonly Prepared[]): Prepared[][] {
  const shared = prepared.filter(isShared);
  return [...(shared.length > 0 ? [shared] : []), ...prepared.filter((one) => !isShared(one)).map((one) => [one])];
}

/** What nobody wrote SQL for cannot fail by it. */
function smallerGroups(group: readonly Prepared[]): readonly Prepared[][] {
  const own = ({ expectation: { where, expected } }: Prepared) => where !== '' || expected.case === 'sql' || expected.case === 'regex';
  const others = group.filter((one) => !own(one));
  const isSmaller = others.length > 0 && others.length < group.length;
  return isSmaller ? [others, ...group.filter(own).map((one) => [one])] : group.map((one) => [one]);
}

/** Undefined where they have to be asked in smaller groups. */
async function attempt(access: RowsAccess, rows: AskedRows, group: readonly Prepared[], { now, limitMs }: Required<MeasureOptions>): Promise<readonly (readonly [string, Measured])[] | undefined> {
  try {
    if (limitMs <= 0) throw new DOMException('no time is left', 'TimeoutError');
    return await access.within(limitMs, async (db) => (group.every(isShared) ? scan(db, rows, group, now) : Promise.all(group.map((one) => countAlone(db, rows, one)))));
  } catch (error) {
    throwUnlessSql(error, access);
    if (group.length > 1) return undefined;
    const because = isTimeout(error) ? 'it took longer than it may' : rowTrouble(error);
    return group.map(({ expectation: { name } }) => [name, unknown(because)] as const);
  }
}

async function scan(db: DuckDb, { relation, rows }: AskedRows, group: readonly Prepared[], now: number): Promise<readonly (readonly [string, Measured])[]> {
  const inner = group.flatMap(({ asked, rule }, i) => [`${asked} AS "refit:asked${i}"`, ...('newest' in rule ? [`CASE WHEN isfinite(${rule.newest}) THEN ${rule.newest} END AS "refit:time${i}"`] : flags(rule as RowRule, i))]); // scans hold no other rules
  const outer = group.map(({ rule }, i) =>
    'newest' in rule ? `epoch_us(max("refit:time${i}") FILTER ("refit:asked${i}")) AS newest${i}`
    : `count_if("refit:asked${i}") AS asked${i}, count_if("refit:asked${i}" AND "refit:judged${i}") AS judged${i}, count_if("refit:asked${i}" AND "refit:judged${i}" AND NOT "refit:good${i}") AS unexpected${i}`);
  const [row = {}] = await db.rows(`SELECT ${outer.join(', ')} FROM (SELECT ${inner.join(', ')} FROM ${relation})`);
  return group.map(({ expectation: { name }, rule }, i) => [name, 'newest' in rule ? newest(row[`newest${i}`], rows, now) : counted(row, rows, String(i))] as const);
}

const flags = ({ judged, good }: RowRule, i: number) => [`${judged} AS "refit:judged${i}"`, `${good} AS "refit:good${i}"`];

const newest = (value: Row[string] | undefined, rows: number, now: number): Measured =>
  ({ is: 'newest', rows, now, newest: value === null || value === undefined ? undefined : Number(value) / 1000 });

async function countAlone(db: DuckDb, { relation, rows }: AskedRows, { expectation: { name }, asked, rule }: Prepared): Promise<readonly [string, Measured]> {
  if (!('counts' in rule)) throw new RangeError(`${name} is no rule of rows together`);
  const about = scoped(relation, asked);
  const [row = {}] = await db.rows(`SELECT *, (SELECT count(*) FROM ${about}) AS asked FROM (${rule.counts(about)})`);
  return [name, counted(row, rows, '')];
}

/** The rows that an expectation is about. */
export const scoped = (relation: string, asked: string): string => (asked === 'true' ? relation : `(SELECT * FROM ${relation} WHERE ${asked})`);

const counted = (row: Row, rows: number, i: string): Measured =>
  ({ is: 'rows', rows, asked: Number(row[`asked${i}`]), judged: Number(row[`judged${i}`]), unexpected: Number(row[`unexpected${i}`]) });
