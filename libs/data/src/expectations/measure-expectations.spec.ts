import { join } from 'node:path';
import { parseExpectationsFile, type Expectation } from '@refit/contracts';
import { beforeAll, describe, expect, it } from 'vitest';
import { withDuckDb } from '../duckdb.js';
import { writeParquet } from '../freeze.js';
import { temporaryFolder } from '../testing/temporary-folder.js';
import { collectOffenders } from './collect-offenders.js';
import reference from './expectations.reference.json' with { type: 'json' };
import { measureExpectations } from './measure-expectations.js';
import { snapshotAccess } from './rows-access.js';

const { folder } = temporaryFolder();
const file = join(folder, 'flights.parquet');
const now = Date.UTC(2026, 0, 20);

/** The rows of expectations.reference.py. */
const rows = `
  WITH base AS (SELECT range AS i, (range * 7919 + 13) % 1000 AS h FROM range(${reference.rows}))
  SELECT CASE WHEN h >= 30 THEN i ELSE i // 7 END AS id, CASE WHEN h % 61 <> 0 THEN 'C' || (i % 50) END AS code,
    CASE WHEN h >= 20 THEN ['ATL', 'JFK', 'LAX', 'atl'][1 + CASE WHEN h % 97 = 0 THEN h % 4 ELSE h % 3 END] END AS airport,
    CASE WHEN h % 53 <> 0 THEN (h - 400) / 4.0::DOUBLE END AS delay,
    TIMESTAMP '2026-01-01' + to_seconds(i * 300 + (h % 7) * 100) AS departed,
    CASE WHEN h % 41 <> 0 THEN TIMESTAMP '2026-01-01' + to_seconds(i * 300 + (h % 7) * 100 + (h - 25) * 60) END AS arrived
  FROM base ORDER BY i`;

const expectations = (yaml: string): readonly Expectation[] => parseExpectationsFile(yaml, { fileName: 'expectations.yaml', baseDirectory: folder });
const measure = (yaml: string, options: { path?: string; limitMs?: number } = {}) =>
  measureExpectations(snapshotAccess(options.path ?? file), expectations(yaml), { now, ...(options.limitMs !== undefined && { limitMs: options.limitMs }) });
const only = async (yaml: string, path?: string) => [...(await measure(yaml, path === undefined ? {} : { path })).values()][0];

async function parquet(name: string, select: string): Promise<string> {
  const path = join(folder, name);
  await withDuckDb({ folders: [folder] }, (db) => writeParquet(db, select, path));
  return path;
}

beforeAll(async () => {
  await parquet('flights.parquet', rows);
});

const catalogue = `
- { name: key, unique: id }
- { name: compound, unique: [airport, id] }
- { name: present, notNull: code }
- { name: set, allowed: { column: airport, values: [ATL, JFK, LAX] } }
- { name: pattern, regex: { column: code, pattern: 'C[0-9]' } }
- { name: range, between: { column: delay, minimum: -60.25, maximum: 100 } }
- { name: floor, between: { column: delay, minimum: -60.25 } }
- { name: order, ordered: [departed, arrived] }
- { name: strict order, ordered: { columns: [departed, arrived], strictly: true } }
- { name: monotone, increasing: departed }
- { name: rule, sql: "delay < 100 OR airport = 'ATL'" }
- { name: rule of some, sql: delay > -50, where: airport = 'JFK' }
`;

describe('expectations, counted', () => {
  it('agree with pandas to the row', async () => {
    const measured = await measure(catalogue);
    for (const [name, found] of measured) expect([name, found]).toEqual([name, { is: 'rows', rows: reference.rows, ...reference.counts[name as keyof typeof reference.counts] }]);
    expect(measured.size).toBe(12);
  });

  it('count a key among the rows that it is about only', async () => {
    const path = await parquet('scoped.parquet', `SELECT *, (row_number() OVER () - 1) AS n FROM (${rows})`);
    expect(await only("[{ unique: id, where: '(n * 7919 + 13) % 1000 < 300' }]", path)).toEqual({ is: 'rows', rows: reference.rows, ...reference.counts['key of some'] });
  });

  it('count an order within groups, and strictly', async () => {
    const found = await only('[{ increasing: { column: delay, strictly: true, per: code } }]');
    expect(found).toEqual({ is: 'rows', rows: reference.rows, ...reference.counts['monotone per'] });
  });

  it('take the time that they are handed for now', async () => {
    const measured = await measureExpectations(snapshotAccess(file), expectations('[{ name: past, notInFuture: arrived }, { name: fresh, fresh: { column: arrived, within: 1d } }]'), { now: now - 5 * 86_400_000 });
    expect(measured.get('past')).toEqual({ is: 'rows', rows: reference.rows, ...reference.counts.past });
    expect(measured.get('fresh')).toEqual({ is: 'newest', rows: reference.rows, newest: reference.newest, now: now - 5 * 86_400_000 });
  });

  it('say of a row without a value that it breaks no rule about values, of one without a key that it does, and of SQL that is not true that it is not', async () => {
    const path = await parquet('nulls.parquet', "SELECT * FROM (VALUES (1, 'a', 1.5::DOUBLE), (2, NULL, NULL), (NULL, 'b', 'nan'), (1, 'c', 'infinity')) t(k, s, f)");
    const measured = await measure(`
- { name: set, allowed: { column: s, values: [a, b, c] } }
- { name: key, unique: k }
- { name: sql, sql: f > 0 }
- { name: above, between: { column: f, minimum: 0 } }
- { name: below, between: { column: f, maximum: 2 } }`, { path });
    expect(Object.fromEntries([...measured].map(([name, found]) => [name, found.is === 'rows' ? [found.judged, found.unexpected] : found]))).toEqual({
      set: [3, 0], key: [4, 3], sql: [4, 1], above: [3, 1], below: [3, 2], // NaN is no number: DuckDB's comparison alone would call it the largest
    });
  });

  it('compare whole numbers of any size with bounds between them', async () => {
    const path = await parquet('large.parquet', 'SELECT unnest([9007199254740993, 9007199254740992, -3])::BIGINT AS n');
    expect(await only("[{ between: { column: n, minimum: '9007199254740993' } }]", path)).toMatchObject({ unexpected: 2 });
    expect(await only('[{ between: { column: n, minimum: -2.5 } }]', path)).toMatchObject({ unexpected: 1 });
  });
});

describe('an expectation that these rows cannot be asked is unknown, and says why', () => {
  it.each([
    ['- { notNull: dealy }', 'the data has no column "dealy" (did you mean "delay"? the columns: id, code, airport, delay, departed, arrived)'],
    ['- { unique: [id, nothing] }', 'the data has no column "nothing"'],
    ['- { regex: { column: delay, pattern: x } }', 'a value of "delay" is a number; expected text'],
    ['- { between: { column: departed, minimum: 5 } }', 'a value of "departed" is a time, which cannot be compared with "5"'],
    ['- { between: { column: code, maximum: 5 } }', 'a value of "code" is text; expected a whole number or a number or a time'],
    ['- { allowed: { column: id, values: [1, two] } }', 'a value of "id" is a whole number, which "two" cannot be'],
    ['- { ordered: [departed, delay] }', 'they have no order'],
    ['- { fresh: { column: id, within: 1d } }', 'a value of "id" is a whole number; expected a time'],
    ['- { regex: { column: code, pattern: "(" } }', 'the SQL fails on a row: Invalid Input Error: missing )'],
    ['- { sql: dealy > 3 }', 'the data has no column "dealy" (did you mean "delay"'],
    ['- { sql: delay + 1 }', 'the SQL gives DOUBLE; expected true or false'],
    ['- { sql: CAST(code AS INTEGER) > 3 }', 'the SQL fails on a row: Conversion Error: Could not convert string'],
    ['- { notNull: code, where: nothing = 3 }', 'the data has no column "nothing"'],
  ])('%s', async (yaml, because) => {
    expect(await only(yaml)).toMatchObject({ is: 'unknown', because: expect.stringContaining(because) });
  });

  it('and tells no value of the data: it would stand in the log for ever', async () => {
    const trouble = await measure("[{ name: text, sql: CAST(code AS INTEGER) > 3 }, { name: number, sql: CAST(delay * 1e300 AS INTEGER) > 0 }]");
    expect([...trouble.values()].map((found) => found.is === 'unknown' && found.because)).toEqual([
      'the SQL fails on a row: Conversion Error: Could not convert string', 'the SQL fails on a row: Conversion Error: Type DOUBLE with value',
    ]);
  });

  it('and leaves the others alone', async () => {
    const measured = await measure("[{ name: bad, sql: CAST(code AS INTEGER) > 3 }, { name: worse, sql: nothing }, { name: present, notNull: code }, { name: good, sql: delay > -50, where: airport = 'JFK' }]");
    expect(measured.get('bad')?.is).toBe('unknown');
    expect(measured.get('worse')?.is).toBe('unknown');
    expect(measured.get('present')).toMatchObject(reference.counts.present);
    expect(measured.get('good')).toMatchObject(reference.counts['rule of some']);
  });

  it('when it takes longer than it may', async () => {
    const path = await parquet('many.parquet', 'SELECT range AS n FROM range(3000000)');
    const slow = Array.from({ length: 20 }, (_, i) => `sha256(md5(CAST(n + ${i} AS VARCHAR))) <> ''`).join(' AND ');
    expect(await measure(`[{ name: slow, sql: "${slow}" }]`, { path, limitMs: 100 }).then((found) => found.get('slow'))).toEqual({ is: 'unknown', because: 'it took longer than it may' });
  });

  it('while a cancelled run ends at once', async () => {
    const cancelled = AbortSignal.abort(new Error('cancelled'));
    await expect(measureExpectations(snapshotAccess(file, cancelled), expectations('[notNull: id]'), { now })).rejects.toThrow('cancelled');
  });
});

describe('offending rows', () => {
  it('are the first in the order of the data, with their keys, and a few with all that stands in them', async () => {
    const [found] = await collectOffenders(snapshotAccess(file), expectations('[{ name: range, between: { column: delay, minimum: -60.25, maximum: 100 } }]'), {
      now, keyColumns: ['id'], unexpected: new Map([['range', reference.counts.range.unexpected]]),
    });
    expect(found?.unexpectedRows).toBe(reference.counts.range.unexpected);
    expect(found?.rows).toHaveLength(Math.min(1000, reference.counts.range.unexpected));
    expect(found?.rows.slice(0, 25).map(({ row }) => row)).toEqual(reference.firstOutOfRange);
    expect(found?.rows.slice(0, 25).map(({ key }) => key[0])).toEqual(reference.idsOutOfRange);
    expect(found?.samples).toHaveLength(20);
    expect(Object.keys(found?.samples[0]?.values ?? {})).toEqual(['id', 'code', 'airport', 'delay', 'departed', 'arrived']);
  });

  it('are as many as were counted, for each kind', async () => {
    const kinds = expectations(catalogue);
    const found = await collectOffenders(snapshotAccess(file), kinds, { now, keyColumns: [], unexpected: new Map() });
    for (const { name, rows: listed } of found) expect([name, listed.length]).toEqual([name, Math.min(1000, reference.counts[name as keyof typeof reference.counts].unexpected)]);
  });
});
