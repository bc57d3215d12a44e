import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { DataFormat, type ErrorCode } from '@refit/contracts';
import { describe, expect, it } from 'vitest';
import { countRows } from './count-rows.js';
import { withDuckDb } from './duckdb.js';
import { writeParquet } from './freeze.js';
import { inspectDataFile } from './inspect-data-file.js';
import { expandSourcePaths } from './source-paths.js';
import { temporaryFolder } from './testing/temporary-folder.js';

const { folder, write } = temporaryFolder();
const root = join(folder, 'data');
mkdirSync(join(root, 'sub'), { recursive: true });
const inspect = (uri: string, format = DataFormat.UNSPECIFIED) => inspectDataFile(uri, format, [root]);

async function parquet(name: string) {
  const path = join(root, name);
  await withDuckDb({ folders: [folder] }, (db) => writeParquet(db, 'SELECT range AS x FROM range(1234)', path));
  return path;
}

describe('a data file', () => {
  it('is taken by path or URI, with the rows that Parquet tells', async () => {
    const path = await parquet('good.parquet');
    expect(await inspect(path)).toMatchObject({ path, format: DataFormat.PARQUET, rows: 1234 });
    expect(await inspect(pathToFileURL(path).href)).toMatchObject({ path, rows: 1234 });
  });

  it('is told by its content where its name says nothing', async () => {
    expect((await inspect(write('data/a', '{"x":1}\n'))).format).toBe(DataFormat.JSON_LINES);
    expect((await inspect(write('data/b', 'x\ty\n1\t2\n'))).format).toBe(DataFormat.TSV);
    expect((await inspect(write('data/c.dat', 'x,y\n1,2\n'))).format).toBe(DataFormat.CSV);
  });

  it('has its rows counted', async () => {
    expect(await countRows(write('data/n.csv', 'x,y\n1,2\n3\n4,5\n'), DataFormat.CSV)).toBe(2);
    expect(await countRows(write('data/n.jsonl', '{"x":1}\n{"x":2}\n'), DataFormat.JSON_LINES)).toBe(2);
  });

  const refused: readonly [string, () => string | Promise<string>, ErrorCode, RegExp][] = [
    ['missing', () => join(root, 'none.csv'), 'DATA_FILE_NOT_FOUND', /none\.csv does not exist/u],
    ['without bytes', () => write('data/e.csv', ''), 'DATA_FILE_EMPTY', /no bytes/u],
    ['of white space only', () => write('data/w.csv', '\n \r\n'), 'DATA_FILE_EMPTY', /white space/u],
    ['a folder', () => join(root, 'sub'), 'DATA_FILE_UNREADABLE', /not a file/u],
    ['text named .parquet', () => write('data/t.parquet', 'a,b\n1,2\n'), 'DATA_FILE_UNREADABLE', /should be Parquet, but its content is delimited text/u],
    ['Parquet named .csv', async () => parquet('p.csv'), 'DATA_FILE_UNREADABLE', /should be CSV, but its content is a Parquet file/u],
    ['cut off', () => write('data/cut.parquet', 'PAR1 and then nothing'), 'DATA_FILE_UNREADABLE', /cut off/u],
    ['Parquet without a footer that can be read', () => write('data/f.parquet', 'PAR1 xxxxxxxxxxxxxxxxxxxxxxx PAR1'), 'DATA_FILE_UNREADABLE', /cannot be read/u],
    ['binary', () => write('data/b.csv', new Uint8Array([97, 0, 1, 2])), 'DATA_FILE_UNREADABLE', /binary/u],
    ['compressed', () => write('data/z.csv', new Uint8Array([0x1f, 0x8b, 8, 0])), 'DATA_FILE_UNREADABLE', /gzip/u],
    ['a JSON array', () => write('data/array.json', '[{"x":1}]'), 'DATA_FILE_UNREADABLE', /JSON array/u],
    ['JSON named .csv', () => write('data/j.csv', '{"x":1}\n'), 'DATA_FILE_UNREADABLE', /JSON Lines/u],
    ['outside the roots', () => write('outside.csv', 'a\n1\n'), 'PATH_NOT_ALLOWED', /outside the folders/u],
    ['outside, by dots', () => `${root}/sub/../../outside.csv`, 'PATH_NOT_ALLOWED', /outside/u],
    ['missing and outside', () => join(folder, 'unknown.csv'), 'PATH_NOT_ALLOWED', /outside/u],
    ['on another machine', () => 's3://bucket/a.csv', 'REQUEST_INVALID', /s3:\/\/bucket/u],
  ];

  it.each(refused)('is refused when it is %s', async (_, path, code, message) => {
    await expect(inspect(await path())).rejects.toMatchObject({ code, message: expect.stringMatching(message) });
  });

  it('is refused when a link inside the roots leads outside', async () => {
    symlinkSync(write('secret.csv', 'a\n1\n'), join(root, 'link.csv'));
    await expect(inspect(join(root, 'link.csv'))).rejects.toMatchObject({ code: 'PATH_NOT_ALLOWED' });
  });

  it('is not confused with a neighbour of a root that shares its first letters', async () => {
    mkdirSync(`${root}-other`);
    await expect(inspect(write('data-other/a.csv', 'a\n1\n'))).rejects.toMatchObject({ code: 'PATH_NOT_ALLOWED' });
  });
});

describe('globs', () => {
  it('give files in the order of their paths, named without extension, or by their path where that is ambiguous', async () => {
    for (const name of ['b/x.csv', 'a/x.csv', 'a/y.csv', 'a/deep/z.csv']) {
      mkdirSync(join(root, 'tree', name, '..'), { recursive: true });
      write(`data/tree/${name}`, 'a\n1\n');
    }
    const files = await expandSourcePaths([`${root}/tree/**/*.csv`, `${root}/tree/a/y.csv`], [root]);
    expect(files.map(({ name }) => name)).toEqual(['z', 'a/x', 'y', 'b/x']);
  });
});
