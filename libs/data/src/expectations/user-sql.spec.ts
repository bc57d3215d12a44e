import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openDuckDb, type DuckDb } from '../duckdb.js';
import { temporaryFolder } from '../testing/temporary-folder.js';
import { misfitOf, refusalOf } from './user-sql.js';

const { folder, write } = temporaryFolder();
let db: DuckDb;
let secret: string;

beforeAll(async () => {
  secret = write('secret.csv', 'password\nhunter2\n');
  db = await openDuckDb({});
  await db.run('CREATE TABLE t AS SELECT 1 AS a, \'x\' AS b, TIMESTAMP \'2026-01-01\' AS made, 2.5 AS c');
});
afterAll(() => db.close());

const columns = ['a', 'b', 'made', 'c'];
const verdict = async (sql: string) => (await refusalOf(db, sql, columns)) ?? (await misfitOf(db, sql, 't', columns)) ?? 'taken';

describe('an expression that a person wrote', () => {
  it.each([
    'a > 0', 'a BETWEEN 1 AND 3 OR b LIKE \'x%\'', 'b IN (\'x\', \'y\') AND NOT (a = 2)', 'CASE WHEN a = 1 THEN c > 2 ELSE true END', 'coalesce(a, 0) >= 0',
    'made >= TIMESTAMP \'2020-01-01\' AND date_diff(\'day\', made, made) = 0', 'length(trim(b)) < 10 AND regexp_full_match(b, \'[a-z]+\')', 'a IS NOT NULL -- a comment', 'abs(a - c) / a < 0.5 * 9',
    'year(made) = 2026', 'CAST(a AS DOUBLE) <> c', 'b ILIKE \'X\'', 'b = \'; DROP TABLE t; --\'', 'EXTRACT(hour FROM made) < 24', 'nullif(a, 0) IS NOT NULL', 'TRY_CAST(b AS INTEGER) IS NULL', 'true',
  ])('is taken: %s', async (sql) => {
    expect(await verdict(sql)).toBe('taken');
  });

  it.each([
    ['true; DROP TABLE t', 'the SQL is no expression'],
    ['true); DROP TABLE t; SELECT (true', 'the SQL is no expression'],
    ['true) OR (true', 'the SQL is no expression'],
    ['true) FROM t; COPY t TO \'/tmp/x.csv\'; SELECT (true', 'the SQL is no expression'],
    ['true, a', 'must be a single expression'],
    ['true AS good', 'must be a single expression'],
    ['a FROM t', 'must be a single expression'],
    ['true WHERE true', 'must be a single expression'],
    ['true LIMIT 1', 'must be a single expression'],
    ['true UNION SELECT false', 'must be a single expression'],
    ['', 'the SQL'],
    ['-- nothing', 'the SQL'],
    ['/* open', 'the SQL'],
    ['EXISTS (SELECT * FROM read_csv(\'/etc/passwd\'))', 'a query inside'],
    ['(SELECT count(*) FROM t) > 0', 'a query inside'],
    ['a IN (SELECT a FROM t)', 'a query inside'],
    ['a = ANY (SELECT 1)', 'a query inside'],
    ['(WITH RECURSIVE r(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM r) SELECT max(n) FROM r) > 0', 'a query inside'],
    ['row_number() OVER () > 0', 'looks at other rows'],
    ['sum(a) > 0', 'the SQL uses sum, which expectations do not know'],
    ['a > random()', 'the SQL uses random'],
    ['made < now()', 'the SQL uses now'],
    ['made < current_timestamp', 'the data has no column "current_timestamp"'],
    ['made < current_date', 'the data has no column "current_date"'],
    ['b <> user', 'the data has no column "user"'],
    ['b <> session_user', 'the data has no column "session_user"'],
    ['made < localtimestamp', 'the data has no column "localtimestamp"'],
    ['t.a > 0', 'the data has no column "t.a"'],
    ['"refit:row" > 0', 'the data has no column "refit:row"'],
    ['read_text(\'/etc/passwd\') IS NOT NULL', 'the SQL uses read_text'],
    ['getenv(\'HOME\') <> \'\'', 'the SQL uses getenv'],
    ['current_setting(\'temp_directory\') <> \'\'', 'the SQL uses current_setting'],
    ['length(repeat(b, 1000000000)) > 0', 'the SQL uses repeat'],
    ['len(range(10000000000)) > 0', 'the SQL uses range'],
    ['list_sum(list_transform([1, 2], x -> x)) > 0', 'the SQL'],
    ['replace(b, \'x\', \'xxxxxxxxxx\') <> \'\'', 'the SQL uses replace'],
    ['nextval(\'s\') > 0', 'the SQL uses nextval'],
    ['lenght(b) > 0', 'the SQL uses lenght, which expectations do not know. Did you mean "length"?'],
    ['a > $1', 'the SQL'],
    ['COLUMNS(*) > 0', 'the SQL'],
    ['* ', 'the SQL'],
    ['PRAGMA database_list', 'must be a single expression'],
    ['ATTACH \'x.db\'', 'the SQL'],
    ['COPY t TO \'/tmp/x.csv\'', 'the SQL'],
    ['INSTALL httpfs', 'the SQL'],
    ['SET memory_limit = \'10GB\'', 'the SQL'],
    ['a + 1', 'the SQL gives INTEGER; expected true or false'],
    ['x > 0', 'the data has no column "x"'],
    [`a > ${'1 + '.repeat(600)}1`, 'the SQL has 2405 characters, at most 2000 are taken'],
  ])('is refused: %s', async (sql, why) => {
    expect(await verdict(sql)).toContain(why);
  });

  it('is read however deep it is nested, and harms nothing', async () => {
    for (const sql of [`${'('.repeat(990)}true${')'.repeat(990)}`, `${'NOT '.repeat(490)}true`, Array.from({ length: 600 }, () => 'a').join('OR'), '-'.repeat(1999), `${'['.repeat(1000)}`, `${'case when true then '.repeat(90)}`]) await verdict(sql);
    expect(await db.rows('SELECT a FROM t')).toEqual([{ a: 1 }]);
  });
});

describe('the DuckDB that it runs in, should an expression ever get past', () => {
  it.each([
    () => `SELECT * FROM read_csv('${secret}')`, () => `SELECT * FROM '${secret}'`, () => "SELECT * FROM read_text('/etc/hostname')", () => "SELECT * FROM glob('/*')", () => `COPY t TO '${join(folder, 'out.csv')}'`,
    () => `ATTACH '${join(folder, 'x.db')}'`, () => 'INSTALL httpfs', () => 'LOAD httpfs', () => "SET memory_limit = '100GB'", () => 'SET enable_external_access = true', () => 'PRAGMA enable_external_access', () => `EXPORT DATABASE '${folder}'`,
  ])('reaches no file and takes no setting (%#)', async (statement) => {
    await expect(db.rows(statement())).rejects.toThrow();
  });

  it('has no text that is the clock', async () => {
    for (const text of ['now', 'today', 'current_timestamp']) await expect(db.rows(`SELECT '${text}'::TIMESTAMP`)).rejects.toThrow('Conversion Error');
  });

  it('is interrupted where it goes on for ever', async () => {
    const endless = await openDuckDb({ signal: AbortSignal.timeout(200) });
    await expect(endless.rows('WITH RECURSIVE r(n) AS (SELECT 1 UNION ALL SELECT n % 7 + 1 FROM r) SELECT max(n) FROM r')).rejects.toMatchObject({ name: 'TimeoutError' });
    await endless.close();
  });
});
