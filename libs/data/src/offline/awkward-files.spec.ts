import { gzipSync, zstdCompressSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { computeStatistics } from '../statistics/compute-statistics.js';
import { temporaryFolder } from '../testing/temporary-folder.js';
import { withPreparedFile } from './prepare-data-file.js';

const { write } = temporaryFolder();

/** What was read, in one line: rows, malformed rows and where, and each column with its type, distinct and missing values. */
const read = (name: string, content: string | Uint8Array) =>
  withPreparedFile(write(name, content), {}, async (db, { source, rows, malformedRows, malformedLines }) => {
    const { columns } = await computeStatistics(db, source);
    const malformed = malformedRows === 0 ? '' : `, ${malformedRows} malformed (${malformedLines.join(' ')})`;
    return `${rows} rows${malformed}: ${columns.map((column) => `${column.name} ${column.type} ${column.distinct}/${column.missing}`).join(', ')}`;
  });

const lines = (count: number, line: (i: number) => string) => Array.from({ length: count }, (_, i) => `${line(i)}\n`).join('');

const latin = (text: string) => Buffer.from(text, 'latin1');

describe('a delimited file', () => {
  it.each<[string, string | Uint8Array, string]>([
    ['line breaks inside quotes', `id,text\n${lines(20, (i) => `${i},"one\ntwo ${i}"`)}`, '20 rows: id integer 20/0, text string 20/0'],
    ['a byte order mark', '\uFEFFid,x\n1,a\n2,b\n', '2 rows: id integer 2/0, x string 2/0'],
    ['LF and CR LF mixed', 'id,x\r\n1,2\n3,4\r\n5,6\n', '3 rows: id integer 3/0, x integer 3/0'],
    ['CR alone', 'id,x\r1,2\r3,4\r', '2 rows: id integer 2/0, x integer 2/0'],
    ['no line break at the end', 'id,x\n1,2\n3,4', '2 rows: id integer 2/0, x integer 2/0'],
    ['a header only', 'id,text\n', '0 rows: id string 0/0, text string 0/0'],
    ['a header only, without a line break', 'id,text', '0 rows: id string 0/0, text string 0/0'],
    ['one column of numbers', `value\n${lines(30, String)}`, '30 rows: value integer 30/0'],
    ['one column of text', `name\n${lines(30, (i) => `word ${i}`)}`, '30 rows: name string 30/0'],
    ['columns without a name', ',x,\n1,2,3\n4,5,6\n', '2 rows: column1 integer 2/0, x integer 2/0, column3 integer 2/0'],
    ['tabs', `id\ttext\n${lines(20, (i) => `${i}\ta${i}`)}`, '20 rows: id integer 20/0, text string 20/0'],
    ['bars', `id|text\n${lines(20, (i) => `${i}|a${i}`)}`, '20 rows: id integer 20/0, text string 20/0'],
    ['semicolons, and decimal commas, which stay text', `id;price\n${lines(20, (i) => `${i};${i},25`)}`, '20 rows: id integer 20/0, price string 20/0'],
    ['thousands separators, which stay text', `id,amount\n${lines(20, (i) => `${i},"${i + 1},234,567"`)}`, '20 rows: id integer 20/0, amount string 20/0'],
    ['a line that names the delimiter', 'sep=;\nid;x\n1;2\n3;4\n', '2 rows: id integer 2/0, x integer 2/0'],
    ['comments before and between rows', '# today\n# by me\nid,x\n1,2\n# between\n3,4\n5,6\n', '3 rows: id integer 3/0, x integer 3/0'],
    ['a comma at the end of each line', 'id,x,\n1,2,\n3,4,\n5,6,\n', '3 rows: id integer 3/0, x integer 3/0, column3 string 0/3'],
    ['a comma at the end of each row, but not of the header', 'id,x\n1,2,\n3,4,\n5,6,\n', '3 rows: id integer 3/0, x integer 3/0'],
    ['empty lines between rows', 'id,x\n1,2\n\n3,4\n\n\n5,6\n', '3 rows: id integer 3/0, x integer 3/0'],
    ['quotes escaped by backslashes', `id,text\n${lines(20, (i) => `${i},"a \\"b\\" ${i}"`)}`, '20 rows: id integer 20/0, text string 20/0'],
    ['a quote inside of a value', 'id,text\n1,5" pipe\n2,b\n3,c\n', '3 rows: id integer 3/0, text string 3/0'],
    ['gzip', gzipSync(`id,x\n${lines(20, (i) => `${i},${i}`)}`), '20 rows: id integer 20/0, x integer 20/0'],
    ['gzip around Latin-1', gzipSync(latin('id,city\n1,Z\xfcrich\n2,Gen\xe8ve\n')), '2 rows: id integer 2/0, city string 2/0'],
    ['zstd', zstdCompressSync(Buffer.from(`id,x\n${lines(20, (i) => `${i},${i}`)}`)), '20 rows: id integer 20/0, x integer 20/0'],
    ['ragged rows', `id,x,y\n${lines(100, (i) => `${i},1,2`)}1,2\n1,2,3,4\n${lines(100, (i) => `${i},1,2`)}`, '200 rows, 2 malformed (102 103): id integer 100/0, x integer 1/0, y integer 1/0'],
    ['a value of 3 MB', `id,text\n1,${'x'.repeat(3e6)}\n2,b\n3,c\n`, '2 rows, 1 malformed (2): id integer 2/0, text string 2/0'],
  ])('with %s is read', async (name, content, expected) => {
    expect(await read(`${name.replaceAll(' ', '-')}.csv`, content)).toBe(expected);
  });

  it.each<[string, string | Uint8Array, string, RegExp]>([
    ['no bytes', '', 'DATA_FILE_EMPTY', /has no bytes/u],
    ['white space only', ' \n\n ', 'DATA_FILE_EMPTY', /only white space/u],
    ['a byte order mark only', '\uFEFF', 'DATA_FILE_EMPTY', /only white space/u],
    ['NUL bytes', 'id,text\n1,a\0b\n2,c\n', 'DATA_FILE_UNREADABLE', /its content is binary/u],
    ['two columns of one name', 'id,x,X\n1,2,3\n4,5,6\n', 'DATA_FILE_UNREADABLE', /two columns named "X"/iu],
    ['2,000 columns', `${Array.from({ length: 2000 }, (_, i) => `c${i}`).join(',')}\n${lines(3, () => '1,'.repeat(1999) + '1')}`, 'DATA_FILE_UNREADABLE', /2000 columns; at most 500/u],
    ['a line of 20 MB', `id,text\n1,${'x'.repeat(20e6)}\n2,b\n`, 'DATA_FILE_UNREADABLE', /a line of more than 16 MiB/u],
    ['half of a gzip file', gzipSync(lines(50, (i) => `${i},a`)).subarray(0, 60), 'DATA_FILE_UNREADABLE', /awkward\.csv is no whole gzip file/u],
    ['JSON Lines', '{"a":1}\n{"a":2}\n', 'DATA_FILE_UNREADABLE', /its content is JSON Lines/u],
  ])('of %s is refused, with a reason', async (_, content, code, message) => {
    await expect(read('awkward.csv', content)).rejects.toMatchObject({ code, message: expect.stringMatching(message) });
  });
});

describe('rows behind a quote that nobody closed', () => {
  const rows = (lineBreak: string) => Array.from({ length: 300_000 }, (_, i) => (i === 2000 ? `${i},"open` : `${i},a`)).join('\n').replace('\n', lineBreak);

  it.each([['in a file of LF', '\n'], ['in one that mixes LF and CR LF', '\r\n']])('are counted as malformed, each of them, %s', async (_, lineBreak) => {
    expect(await read('open.csv', `id,text\n${rows(lineBreak)}\n`)).toBe('2000 rows, 298000 malformed (2002): id integer 2000/0, text string 1/0');
  });

  it('are not counted where it is closed later: then only the lines between are', async () => {
    const text = `id,text\n${Array.from({ length: 3000 }, (_, i) => (i === 1000 ? `${i},"open` : i === 1500 ? `${i},"x"` : `${i},a`)).join('\n')}\n`;
    expect(await read('closed.csv', text)).toBe('2499 rows, 501 malformed (1002): id integer 2499/0, text string 1/0');
  });
});
