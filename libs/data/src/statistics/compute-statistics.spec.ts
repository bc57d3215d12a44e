import { join } from 'node:path';
import { equalWidthEdges } from '@refit/data-validation';
import { describe, expect, it } from 'vitest';
import { computeStatistics, type StatisticsOptions } from './compute-statistics.js';
import { withDuckDb } from '../duckdb.js';
import { writeParquet } from '../freeze.js';
import { temporaryFolder } from '../testing/temporary-folder.js';

const { folder } = temporaryFolder();

const statistics = (select: string, options?: StatisticsOptions) =>
  withDuckDb({ folders: [folder] }, async (db) => {
    const file = join(folder, 'statistics.parquet');
    await writeParquet(db, select, file);
    const { rows, columns } = await computeStatistics(db, file, options);
    return { rows, columns, of: Object.fromEntries(columns.map((column) => [column.name, column])) };
  });

describe('statistics of a snapshot', () => {
  it('count what is there, what is missing and what is no finite number', async () => {
    const { rows, columns, of } = await statistics(`
      SELECT * FROM (VALUES (1, 1.5::DOUBLE, 'b', true, TIMESTAMP '1970-01-01 00:00:01'), (2, 'nan', 'a', NULL, NULL),
        (2, 'infinity', NULL, false, NULL), (NULL, NULL, 'b', true, NULL)) t(i, f, s, b, t)`);
    expect(rows).toBe(4);
    expect(columns.map(({ name, type }) => [name, type])).toEqual([['i', 'integer'], ['f', 'float'], ['s', 'string'], ['b', 'boolean'], ['t', 'timestamp']]);
    expect(of['i']).toMatchObject({ missing: 1, nonFinite: 0, distinct: 2, numeric: { minimum: 1, maximum: 2, zeros: 0 } });
    expect(of['i']?.numeric?.mean).toBeCloseTo(5 / 3, 14);
    expect(of['f']).toMatchObject({ missing: 1, nonFinite: 2, distinct: 3, numeric: { minimum: 1.5, maximum: 1.5, standardDeviation: 0 } });
    expect(of['s']).toEqual({ name: 's', type: 'string', semantic: 'text', missing: 1, nonFinite: 0, distinct: 2, text: { minimumLength: 1, maximumLength: 1, meanLength: 1, replaced: 0 }, top: [{ value: 'b', count: 2 }, { value: 'a', count: 1 }] });
    expect(of['b']).toMatchObject({ missing: 1, distinct: 2, top: [{ value: 'true', count: 2 }, { value: 'false', count: 1 }] });
    expect(of['t']).toMatchObject({ missing: 3, numeric: { minimum: 1000, maximum: 1000 } });
  });

  it('hold the 100 most frequent values, ties by value, and the number of all', async () => {
    const { of } = await statistics(`SELECT printf('v%03d', range % 150) AS s FROM range(280)`);
    expect(of['s']?.distinct).toBe(150);
    expect(of['s']?.top).toHaveLength(100);
    expect(of['s']?.top?.[0]).toEqual({ value: 'v000', count: 2 });
  });

  it('of a column without a value have no numbers', async () => {
    const { of } = await statistics('SELECT NULL::DOUBLE AS f, NULL::VARCHAR AS s FROM range(3)');
    expect(of['f']).toEqual({ name: 'f', type: 'float', semantic: 'empty', missing: 3, nonFinite: 0, nan: 0, distinct: 0 });
    expect(of['s']).toEqual({ name: 's', type: 'string', semantic: 'empty', missing: 3, nonFinite: 0, distinct: 0, top: [] });
  });

  it.each([
    ['whole numbers', 'range'], ['sevenths of them', 'range / 7.0::DOUBLE - 100'], ['hardly above 0', 'range * 5e-324::DOUBLE'], ['large', "(range / 75000.0::DOUBLE - 1) * '1.7e308'::DOUBLE"],
  ])('count many different values by the edges of the bins that they lie on: %s', async (_, value) => {
    const { of } = await statistics(`SELECT ${value} AS x FROM range(150001)`);
    const { minimum, maximum, equalWidth, quantiles } = of['x']!.numeric!;
    const edges = equalWidthEdges(minimum, maximum);
    const counted = await withDuckDb({ folders: [folder] }, async (db) => {
      const below = edges.map((edge, i) => `count_if(CAST(x AS DOUBLE) < '${edge}'::DOUBLE) AS n${i}`);
      const [row] = await db.rows(`SELECT ${below.join(', ')} FROM '${join(folder, 'statistics.parquet')}'`);
      return [0, ...edges.map((__, i) => Number(row![`n${i}`])), 150_001];
    });
    expect(equalWidth).toEqual(counted.slice(1).map((count, i) => count - counted[i]!));
    expect(quantiles.every((quantile) => Number.isFinite(quantile))).toBe(true);
  });

  it('of no rows are all zero', async () => {
    const { rows, of } = await statistics('SELECT 1 AS i WHERE false');
    expect(rows).toBe(0);
    expect(of['i']).toMatchObject({ missing: 0, distinct: 0 });
  });

  it('take the edges and the values of a reference', async () => {
    const reference = await statistics(`SELECT range AS i, CASE WHEN range < 30 THEN 'it''s' ELSE 'b' END AS s FROM range(100)`);
    const { of } = await statistics(`SELECT range + 50 AS i, CASE WHEN range < 10 THEN 'it''s' ELSE 'new' END AS s FROM range(100)`, {
      reference,
      ranges: new Map([['i', { minimum: 55, maximum: 100 }]]),
    });
    expect(of['i']?.numeric?.histogram.edges).toEqual(reference.of['i']?.numeric?.histogram.edges);
    expect(of['i']?.numeric?.histogram.counts).toEqual([0, 0, 0, 0, 0, 10, 10, 10, 10, 60]);
    expect(of['i']?.numeric?.outside).toMatchObject({ below: 5, above: 49 });
    expect(reference.of['s']?.top?.map(({ value }) => value)).toEqual(['b', "it's"]);
    expect(of['s']?.ofReferenceTop).toEqual([0, 10]);
  });

  it('of more columns than one query takes come in the order of the snapshot', async () => {
    const names = Array.from({ length: 21 }, (_, i) => `c${i}`);
    const { columns } = await statistics(`SELECT ${names.map((name, i) => (i % 3 === 0 ? `'x' AS ${name}` : `range + ${i} AS ${name}`)).join(', ')} FROM range(5)`);
    expect(columns.map(({ name }) => name)).toEqual(names);
    expect(columns[20]?.numeric?.minimum).toBe(20);
  });

  const purchases = `SELECT range % 3 AS third, range::DOUBLE AS x, CASE WHEN range % 10 < 3 THEN 'often' ELSE 'word' END AS words, -1 AS negative FROM range(30)`;

  it('of a slice are those of its rows alone', async () => {
    const { rows, of } = await statistics(purchases, { slice: { column: 'third', value: '1' } });
    expect(rows).toBe(10);
    expect(of['third']).toMatchObject({ distinct: 1, semantic: 'constant' });
    expect(of['x']?.numeric?.mean).toBe(14.5);
    await expect(statistics(purchases, { slice: { column: 'thrid', value: '1' } })).rejects.toMatchObject({ code: 'FEATURES_MISSING', message: expect.stringContaining('third') });
    expect((await statistics('SELECT NULL AS a, 1 AS b UNION ALL SELECT 2, 3', { slice: { column: 'a', value: null } })).rows).toBe(1);
  });

  it('with weights count every row by its weight, and refuse weights that are none', async () => {
    const { rows, of } = await statistics(purchases, { weight: 'third' });
    expect(rows).toBe(30);
    expect(Object.keys(of)).not.toContain('third');
    expect(of['x']?.numeric?.mean).toBeCloseTo((14.5 * 10 + 15.5 * 20) / 30, 12);
    expect(of['words']?.top).toEqual([{ value: 'word', count: 21 }, { value: 'often', count: 9 }]);
    await expect(statistics(purchases, { weight: 'negative' })).rejects.toMatchObject({ code: 'REQUEST_INVALID' });
  });

  it('tell text whose bytes were damaged, and what values mean', async () => {
    const { of } = await statistics(`SELECT CASE WHEN range = 3 THEN 'Z' || chr(65533) || 'rich' ELSE 'Bern' END AS city, range AS id, range % 2 = 0 AS even,
      'a' AS same, range % 4 AS code, CASE WHEN range % 2 = 0 THEN 'yes' ELSE 'No' END AS agreed, 'words of several kinds ' || range % 40 AS note FROM range(100)`);
    expect(of['city']?.text).toEqual({ minimumLength: 4, maximumLength: 6, meanLength: 4.02, replaced: 1 });
    expect(Object.fromEntries(Object.values(of).map(({ name, semantic }) => [name, semantic]))).toEqual({
      city: 'categorical', id: 'identifier', even: 'boolean', same: 'constant', code: 'categorical', agreed: 'boolean', note: 'text',
    });
  });
});
