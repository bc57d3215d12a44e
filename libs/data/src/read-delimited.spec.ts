import { DataFormat } from '@refit/contracts';
import { describe, expect, it } from 'vitest';
import { withDuckDb } from './duckdb.js';
import { readDataFile } from './read-data-file.js';
import { temporaryFolder } from './testing/temporary-folder.js';

const { folder, write } = temporaryFolder();

const read = (path: string, format = DataFormat.CSV) =>
  withDuckDb({ files: [path], folders: [folder] }, async (db) => {
    const source = await readDataFile(db, path, format, folder);
    const [count] = await db.rows(`SELECT count(*) AS n FROM (${source.select})`);
    const rows = await db.rows(`${source.select} LIMIT 10`);
    return { ...source, count: Number(count?.['n']), rows: rows.map((row) => Object.values(row)) };
  });

describe('CSV', () => {
  // The cases of the csv-spectrum collection, written anew.
  it.each([
    ['commas in quotes', 'a,b\n1,"x, y"\n', [[1n, 'x, y']]],
    ['line breaks in quotes', 'a,b\n"one\ntwo",3\n', [['one\ntwo', 3n]]],
    ['CR LF in quotes', 'a,b\r\n"one\r\ntwo",3\r\n', [['one\r\ntwo', 3n]]],
    ['escaped quotes', 'a,b\n"say ""hi""",3\n', [['say "hi"', 3n]]],
    ['JSON in a field', 'a,b\n"{""k"": [1, 2]}",3\n', [['{"k": [1, 2]}', 3n]]],
    ['empty fields', 'a,b,c\n1,,\n2,"",4\n', [[1n, null, null], [2n, null, 4n]]],
    ['UTF-8 beyond ASCII', 'a,b\nʤ,日本\n', [['ʤ', '日本']]],
    ['a byte order mark', '\uFEFFa,b\n1,2\n', [[1n, 2n]]],
    ['no line break at the end', 'a,b\n1,2', [[1n, 2n]]],
    ['CR LF mixed with LF', 'a,b\r\n1,2\n3,4\r\n', [[1n, 2n], [3n, 4n]]],
    ['blank lines', 'a,b\n\n1,2\n\n\n3,4\n', [[1n, 2n], [3n, 4n]]],
    ['blanks around numbers', 'a, b\n 1, 2\n', [[1n, 2n]]],
    ['semicolons', 'a;b\n1;2,5\n', [[1n, '2,5']]],
  ])('reads %s', async (_, content, rows) => {
    const found = await read(write('case.csv', content));
    expect(found.rows).toEqual(rows);
    expect(found.malformedRows).toBe(0);
  });

  it('leaves out and counts rows of another shape, by the line they begin on', async () => {
    const path = write('ragged.csv', 'a,b,c\r\n"x\r\ny",2,3\r\n4,5\r\n6,7,8\r\n9,10,11,12\r\n\r\n1,"un"q,2\r\n13,14,15\r\n');
    const found = await read(path);
    expect(found.rows).toEqual([['x\r\ny', 2n, 3n], ['6', 7n, 8n], ['13', 14n, 15n]]);
    expect(found.malformedRows).toBe(3);
    expect(found.malformedLines).toEqual([4, 6, 8]);
  });

  it('counts broken UTF-8 as malformed', async () => {
    const found = await read(write('latin1.csv', Buffer.from('a,b\n1,2\ncaf\xe9,3\n4,5\n', 'latin1')));
    expect(found.rows).toEqual([[1n, 2n], [4n, 5n]]);
    expect(found.malformedLines).toEqual([3]);
  });

  it('numbers the lines rightly in a file that several threads read', async () => {
    const lines = Array.from({ length: 300_000 }, (_, i) => (i === 3 || i === 299_990 ? 'ragged' : `${i},"text of some length, and quoted",${i / 8}`));
    const found = await read(write('large.csv', `id,text,x\n${lines.join('\n')}\n`));
    expect(found.count).toBe(299_998);
    expect(found.malformedLines).toEqual([5, 299_992]);
  });

  it('takes a type only when every value fits it', async () => {
    const path = write(
      'types.csv',
      'flag,whole,number,time,zoned,code,mixed,none\ntrue,-3,1.5,2001-01-01,2001-01-01T02:00:00+02:00,08123,1,\nFALSE,,nan,2001-01-01 10:00:00.5,2001-01-02T00:00:00Z,00001,x,\n',
    );
    const found = await read(path);
    expect(Object.fromEntries(found.columns.map(({ name, type }) => [name, type]))).toEqual({
      flag: 'BOOLEAN', whole: 'BIGINT', number: 'DOUBLE', time: 'TIMESTAMP', zoned: 'TIMESTAMP', code: 'VARCHAR', mixed: 'VARCHAR', none: 'VARCHAR',
    });
    expect(found.rows[0]?.[4]).toEqual(new Date('2001-01-01T00:00:00Z'));
    expect(found.rows[1]?.[5]).toBe('00001');
  });

  it('reads TSV, where commas and quotes inside a field mean nothing', async () => {
    expect((await read(write('t.tsv', 'a\tb\n1,5\tx\n'), DataFormat.TSV)).rows).toEqual([['1,5', 'x']]);
  });

  it('names a column without a name by its place', async () => {
    expect((await read(write('index.csv', ',x\n0,1\n'))).columns.map(({ name }) => name)).toEqual(['column1', 'x']);
  });

  it('refuses a header that names two columns alike', async () => {
    await expect(read(write('twice.csv', 'a,A\n1,2\n'))).rejects.toThrow(/two columns named "A"/u);
  });
});

describe('JSON Lines', () => {
  it('reads objects, with columns that appear later, and nested values as text', async () => {
    const found = await read(write('a.jsonl', '{"a":1,"t":"2001-01-01 00:00:00"}\n\n{"a":2.5,"b":"x","c":{"d":1}}\n'), DataFormat.JSON_LINES);
    expect(found.columns).toEqual([{ name: 'a', type: 'DOUBLE' }, { name: 't', type: 'TIMESTAMP' }, { name: 'b', type: 'VARCHAR' }, { name: 'c', type: 'VARCHAR' }]);
    expect(found.rows[1]).toEqual([2.5, null, 'x', expect.stringContaining('1')]);
  });

  it('leaves out and counts lines that are no object', async () => {
    const path = write('bad.jsonl', '{"a":1,"b":"say \\"hi\\", comma"}\n\nnot json\n{"a":3\n[1,2]\n{"a":4,"b":"\\u0001"}\n');
    const found = await read(path, DataFormat.JSON_LINES);
    expect(found.rows).toEqual([[1n, 'say "hi", comma'], [4n, '\u0001']]);
    expect(found.malformedRows).toBe(3);
    expect(found.malformedLines).toEqual([3, 4, 5]);
  });
});
