import { DataFormat } from '@refit/contracts';
import { describe, expect, it } from 'vitest';
import { countPlainRows } from './count-plain-rows.js';
import { countRows } from './count-rows.js';
import { withDuckDb } from './duckdb.js';
import { readDataFile } from './read-data-file.js';
import { temporaryFolder } from './testing/temporary-folder.js';

const { folder, write } = temporaryFolder();

/** As any other file is counted. */
const countedByDuckDb = (path: string, format: DataFormat) =>
  withDuckDb({ files: [path], folders: [folder], scratch: folder }, async (db) => {
    const { select } = await readDataFile(db, path, format, folder);
    return Number((await db.rows(`SELECT count(*) AS n FROM (${select})`))[0]?.['n']);
  });

describe('a small plain file is counted as DuckDB counts it:', () => {
  it.each([
    ['rows', 'a,b\n1,2\n3,4\n', DataFormat.CSV],
    ['no line end after the last', 'a,b\n1,2\n3,4', DataFormat.CSV],
    ['CR LF', 'a,b\r\n1,2\r\n3,4\r\n', DataFormat.CSV],
    ['a byte order mark', '\uFEFFa,b\n1,2\n', DataFormat.CSV],
    ['a header alone', 'a,b\n', DataFormat.CSV],
    ['missing values', 'a,b\n,\n1,\n,2\n', DataFormat.CSV],
    ['white space in fields', 'a , b\n 1 , 2 \n   ,   \n', DataFormat.CSV],
    ['semicolons', 'a;b;c\n1,5;2;3\n', DataFormat.CSV],
    ['bars', 'a|b\n1|2\n', DataFormat.CSV],
    ['TSV with commas', 'a\tb\n1,1\t2\n', DataFormat.TSV],
    ['apostrophes, umlauts, backslashes and signs', "a,b\nO'Hare,Zürich\n\\,#\n-1e5,€\n", DataFormat.CSV],
  ])('%s', async (_name, text, format) => {
    const path = write('plain.csv', text);
    const counted = await countPlainRows(path, format);
    expect(counted).toBeTypeOf('number');
    expect(counted).toBe(await countedByDuckDb(path, format));
  });
});

describe('DuckDB counts a file', () => {
  it.each([
    ['with quotes', 'a,b\n"1\n1",2\n'],
    ['with a row of too many fields', 'a,b\n1,2,3\n3,4\n'],
    ['with a row of too few fields', 'a,b\n1\n3,4\n'],
    ['with two kinds of line ends', 'a,b\r\n1,2\n3,4\r\n'],
    ['of one column', 'a\n1\n2\n'],
    ['of broken UTF-8', Buffer.from('a,b\n1,\xff\n3,4\n', 'latin1')],
    ['that is long', `a,b\n${'1,2\n'.repeat(100_000)}`],
  ])('%s', async (_name, content) => {
    const path = write('other.csv', content);
    expect(await countPlainRows(path, DataFormat.CSV)).toBeUndefined();
    expect(await countRows(path, DataFormat.CSV)).toBe(await countedByDuckDb(path, DataFormat.CSV));
  });

  it('of another format', async () => {
    const path = write('other.jsonl', '{"a": 1}\n{"a": 2}\n');
    expect(await countPlainRows(path, DataFormat.JSON_LINES)).toBeUndefined();
    expect(await countRows(path, DataFormat.JSON_LINES)).toBe(2);
  });
});

it('columns that cannot be used are refused', async () => {
  await expect(countPlainRows(write('twice.csv', 'a,A\n1,2\n'), DataFormat.CSV)).rejects.toMatchObject({ code: 'DATA_FILE_UNREADABLE', message: expect.stringMatching(/two columns named/) });
});
