import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DataFormat } from '@refit/contracts';
import { describe, expect, it } from 'vitest';
import { withDuckDb } from '../duckdb.js';
import { writeParquet } from '../freeze.js';
import { computeStatistics } from '../statistics/compute-statistics.js';
import { identifier, literal } from '../sql.js';
import { temporaryFolder } from '../testing/temporary-folder.js';
import { withPreparedFile, type PrepareOptions } from './prepare-data-file.js';

const { folder, write } = temporaryFolder();

const prepare = (path: string, options: PrepareOptions = {}) =>
  withPreparedFile(path, options, async (db, { source, ...prepared }) => {
    const rows = await db.rows(`SELECT * FROM ${'table' in source ? identifier(source.table) : literal(source.parquet)} LIMIT 5`);
    const { columns } = await computeStatistics(db, source);
    return { ...prepared, content: rows.map((row) => Object.values(row)), types: Object.fromEntries(columns.map(({ name, type }) => [name, type])) };
  });

const utf16 = (text: string) => Buffer.from(text, 'utf16le');

describe('the encoding of a file', () => {
  it.each([
    ['UTF-8', Buffer.from('id,city\n1,Zürich\n'), 'utf-8'],
    ['UTF-8 with a byte order mark', Buffer.from('\uFEFFid,city\n1,Zürich\n'), 'utf-8'],
    ['UTF-16 with a byte order mark', utf16('\uFEFFid,city\n1,Zürich\n'), 'utf-16le'],
    ['UTF-16 without one', utf16('id,city\n1,Zürich\n'), 'utf-16le'],
    ['UTF-16, the high byte first', Buffer.from(utf16('\uFEFFid,city\n1,Zürich\n')).swap16(), 'utf-16be'],
    ['Latin-1', Buffer.from('id,city\n1,Z\xfcrich\n', 'latin1'), 'windows-1252'],
  ])('%s is found out', async (name, bytes, encoding) => {
    const found = await prepare(write(`${name}.csv`, bytes));
    expect(found).toMatchObject({ encoding, content: [[1n, 'Zürich']], malformedRows: 0 });
    expect(found.path).toContain(`${name}.csv`);
  });

  it('may be named', async () => {
    expect(await prepare(write('sjis.csv', Buffer.from('id,city\n1,\x93\x8c\x8b\x9e\n', 'latin1')), { encoding: 'shift_jis' })).toMatchObject({ content: [[1n, '東京']] });
    await expect(prepare(write('x.csv', 'a\n1\n'), { encoding: 'utf-9' })).rejects.toMatchObject({ code: 'REQUEST_INVALID' });
  });

  it('is UTF-8 where some of it can be nothing else: the rest is damage, which is counted', async () => {
    const bytes = Buffer.concat([Buffer.from('id,city\n1,Zürich\n2,'), Buffer.from([0xfc]), Buffer.from('x\n3,Bern\n')]);
    expect(await prepare(write('damaged.csv', bytes))).toMatchObject({ encoding: 'utf-8', rows: 2, malformedRows: 1, malformedLines: [3] });
  });

  it('of text that another file is made of is not spoken of in refusals', async () => {
    await expect(prepare(write('other.csv', utf16('\uFEFF{"a":1}\n')))).rejects.toThrow(/other\.csv should be CSV/u);
    await expect(prepare(write('other.csv', utf16('\uFEFF{"a":1}\n')))).rejects.not.toThrow(/refit-prepare-/u);
  });
});

describe('the dialect of a file', () => {
  const rows = (delimiter: string, quote = '"') => Array.from({ length: 20 }, (_, i) => [i, `${quote}a${delimiter}${i}${quote}`, i / 8].join(delimiter)).join('\n');

  it.each([
    ['commas', `id,text,x\n${rows(',')}\n`, { delimiter: ',' }],
    ['semicolons', `id;text;x\n${rows(';')}\n`, { delimiter: ';' }],
    ['bars', `id|text|x\n${rows('|')}\n`, { delimiter: '|' }],
    ['single quotes', `id,text,x\n${rows(',', "'")}\n`, { delimiter: ',', quote: "'" }],
    ['lines before the header', `Export of 2018\n\nid,text,x\n${rows(',')}\n`, { delimiter: ',' }],
    ['lines before the header, with commas', `Export, 2018\n\nid,text,x\n${rows(',')}\n`, { delimiter: ',' }],
    ['a comment', `# Export of 2018\nid,text,x\n${rows(',')}\n`, { delimiter: ',' }],
  ])('with %s is found out', async (_, text, dialect) => {
    const found = await prepare(write('dialect.csv', text));
    const delimiter = dialect.delimiter;
    expect(found.dialect).toMatchObject(dialect);
    expect(found).toMatchObject({ rows: 20, malformedRows: 0, types: { id: 'integer', text: 'string', x: 'float' } });
    expect(found.content[1]).toEqual([1n, `a${delimiter}1`, 0.125]);
  });

  it('without a header names columns by their place', async () => {
    const found = await prepare(write('headless.csv', '1,2.5,a\n2,3.5,b\n3,4.5,c\n'));
    expect(found).toMatchObject({ rows: 3, types: { column1: 'integer', column2: 'float', column3: 'string' } });
  });

  it('may have times in another order', async () => {
    const found = await prepare(write('dates.csv', `id,day\n${Array.from({ length: 28 }, (_, i) => `${i},${String(i + 1).padStart(2, '0')}.02.2018`).join('\n')}\n`));
    expect(found.types).toEqual({ id: 'integer', day: 'timestamp' });
    expect(found.content[4]?.[1]).toEqual(new Date('2018-02-05T00:00:00Z'));
  });

  it('loses no ragged row in silence', async () => {
    const found = await prepare(write('ragged.csv', `id,text,x\n${rows(',')}\nonly,two\n7,8,9,10\n20,b,2\n`));
    expect(found).toMatchObject({ rows: 21, malformedRows: 2, malformedLines: [22, 23] });
  });

  it.each([10, 50, 1000])('loses none of %i rows before a last one that is too long', async (count) => {
    const good = Array.from({ length: count }, (_, i) => `${i},x${i % 3},${i % 7}`).join('\n');
    const found = await prepare(write('long-last.csv', `a,b,c\n${good}\n1,2,3,4,5\n`));
    expect(found).toMatchObject({ rows: count, malformedRows: 1, malformedLines: [count + 2] });
  });
});

describe('the types of a file', () => {
  it.each([
    ['a whole number', '1.5', 'float'], ['a whole number', '007', 'string'], ['a whole number', 'x', 'string'], ['a whole number', '1_000', 'string'],
    ['a whole number', '1234567890123456789', 'float'], ['a whole number', ' 5', 'integer'], ['a whole number', '1e5', 'float'], ['a whole number', '2018-01-01', 'string'],
  ])('are those that all values fit, also where %s comes to "%s" after the first 20,000 rows: %s', async (_, last, type) => {
    const path = write('late.csv', `a,b\n${Array.from({ length: 20_100 }, (_v, i) => `${i},${i % 7}`).join('\n')}\n1,${last}\n`);
    expect(await prepare(path)).toMatchObject({ rows: 20_101, types: { a: 'integer', b: type } });
  });

  it.each([['-0.5', 'float'], ['00.5', 'string'], ['+1.5', 'float'], ['nan', 'float'], ['1_0.5', 'string'], ['.5', 'float'], ['1e400', 'float']])('of numbers with "%s" late are %s', async (last, type) => {
    const path = write('late.csv', `a,b\n${Array.from({ length: 20_100 }, (_v, i) => `${i},${(i % 7) / 8}`).join('\n')}\n1,${last}\n`);
    expect((await prepare(path)).types).toEqual({ a: 'integer', b: type });
  });

  it('of a Parquet file that is no snapshot become those of one', async () => {
    const path = join(folder, 'foreign.parquet');
    await withDuckDb({ folders: [folder] }, (db) => writeParquet(db, `SELECT range::UTINYINT AS a, DATE '2018-01-01' AS d, (range / 3)::DECIMAL(9, 3) AS m, range AS file_row_number FROM range(200)`, path));
    expect(await prepare(path)).toMatchObject({ format: DataFormat.PARQUET, rows: 200, types: { a: 'integer', d: 'timestamp', m: 'float', file_row_number: 'integer' } });
  });

  it('of a Parquet file are left alone where its bytes could be text of another encoding', async () => {
    const path = join(folder, 'small.parquet');
    await withDuckDb({ folders: [folder] }, (db) => db.run(`COPY (SELECT range AS id, encode('Z') || '\\xFC'::BLOB AS raw FROM range(3)) TO '${path}' (FORMAT parquet, COMPRESSION uncompressed)`));
    expect(await prepare(path)).toMatchObject({ format: DataFormat.PARQUET, rows: 3, types: { id: 'integer', raw: 'string' } });
  });

  it('of a Parquet file with text that is no UTF-8 are not told: it is refused', async () => {
    const path = join(folder, 'damaged.parquet');
    await withDuckDb({ folders: [folder] }, (db) => db.run(`COPY (SELECT range AS id, 'ZQZQZQ' || range AS city FROM range(3)) TO '${path}' (FORMAT parquet, COMPRESSION uncompressed)`));
    writeFileSync(path, Buffer.from(readFileSync(path).toString('latin1').replaceAll('ZQZQZQ', 'Z\xfcZQZQ'), 'latin1'));
    await expect(prepare(path)).rejects.toMatchObject({ code: 'DATA_FILE_UNREADABLE', message: expect.stringMatching(/damaged\.parquet cannot be read: .*not valid UTF8/u) });
  });

  it('of JSON Lines with bytes that are no UTF-8 are those of the other lines, and such lines are malformed', async () => {
    const bytes = Buffer.concat([Buffer.from('{"id":1,"city":"Zürich"}\n{"id":2,"city":"Z'), Buffer.from([0xfc]), Buffer.from('"}\n{"id":3,"city":"Bern"}\n')]);
    expect(await prepare(write('damaged.jsonl', bytes))).toMatchObject({ content: [[1n, 'Zürich'], [3n, 'Bern']], malformedRows: 1, malformedLines: [2] });
    expect(await prepare(write('latin.jsonl', Buffer.from('{"id":1,"city":"Z\xfcrich"}\n', 'latin1')))).toMatchObject({ content: [[1n, 'Zürich']], malformedRows: 0, encoding: 'windows-1252' });
  });

  it('of JSON Lines are its own', async () => {
    expect(await prepare(write('a.jsonl', '{"a":1,"b":"x"}\nno\n{"a":2.5}\n'))).toMatchObject({ rows: 2, malformedRows: 1, malformedLines: [2], types: { a: 'float', b: 'string' } });
  });
});
