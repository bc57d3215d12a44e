import { mkdirSync, renameSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ErrorCode } from '@refit/contracts';
import { refusal } from '../../support/refusal.ts';
import { RefitProcess } from '../../support/refit-process.ts';
import { dayCsv, pipelineText } from '../../support/shop-data.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const outside = temporaryFolder('data-files-outside');
const { folder, path, write } = temporaryFolder('data-files');
let server: RefitProcess;
beforeAll(async () => {
  server = await RefitProcess.start(folder);
  await server.run('apply', write('shop.yaml', pipelineText));
  for (const [name, content] of Object.entries(badFiles)) write(`bad/${name}`, content);
  mkdirSync(path('bad/folder.csv'));
  outside.write('secret.csv', dayCsv(1));
  symlinkSync(outside.path('secret.csv'), path('bad/link.csv'));
  symlinkSync(outside.folder, path('bad/way-out'));
}, 60_000);
afterAll(() => server.stop());

const badFiles = {
  'empty.csv': '',
  'blank.csv': ' \n\n',
  'csv.parquet': dayCsv(1),
  'cut-off.parquet': 'PAR1 and then nothing',
  'zipped.csv': gzipSync(dayCsv(1)),
  'lines.csv': '{"a": 1}\n',
  'array.jsonl': '[{"a": 1}]',
  'page.csv': '<!DOCTYPE html><html></html>',
  'noise.csv': Uint8Array.from({ length: 4000 }, (_, i) => (i * i * 31 + 7 * i) % 256),
  'utf-16.csv': Buffer.from('\uFEFFa,b\n1,2\n', 'utf16le'),
  'twice.csv': 'a,A\n1,2\n',
};

describe('a data file that is', () => {
  it.each<readonly [string, string, ErrorCode, RegExp]>([
    ['missing', 'bad/none.csv', 'DATA_FILE_NOT_FOUND', /bad\/none\.csv does not exist: deliver it, or correct the path/],
    ['empty', 'bad/empty.csv', 'DATA_FILE_EMPTY', /empty\.csv has no bytes: deliver a file with data/],
    ['blank', 'bad/blank.csv', 'DATA_FILE_EMPTY', /blank\.csv holds only white space/],
    ['a folder', 'bad/folder.csv', 'DATA_FILE_UNREADABLE', /folder\.csv is not a file: name one file/],
    ['CSV under the name of Parquet', 'bad/csv.parquet', 'DATA_FILE_UNREADABLE', /should be Parquet, but its content is delimited text: deliver it again, or name its real format/],
    ['cut-off Parquet', 'bad/cut-off.parquet', 'DATA_FILE_UNREADABLE', /a Parquet file that was cut off/],
    ['compressed', 'bad/zipped.csv', 'DATA_FILE_UNREADABLE', /should be CSV, but its content is gzip-compressed/],
    ['JSON Lines under the name of CSV', 'bad/lines.csv', 'DATA_FILE_UNREADABLE', /should be CSV, but its content is JSON Lines/],
    ['a JSON array', 'bad/array.jsonl', 'DATA_FILE_UNREADABLE', /one JSON array, where JSON Lines has an object per line/],
    ['a web page', 'bad/page.csv', 'DATA_FILE_UNREADABLE', /its content is HTML or XML/],
    ['noise', 'bad/noise.csv', 'DATA_FILE_UNREADABLE', /its content is binary/],
    ['UTF-16', 'bad/utf-16.csv', 'DATA_FILE_UNREADABLE', /text in UTF-16, where UTF-8 is needed/],
    ['two columns of one name', 'bad/twice.csv', 'DATA_FILE_UNREADABLE', /two columns named "A" \(letter case does not count\): rename one/],
    ['elsewhere', '/etc/hostname', 'PATH_NOT_ALLOWED', /\/etc\/hostname is outside the folders that data may come from: .*start Refit with --allow-root/],
    ['elsewhere, by ..', `../${outside.folder.split('/').at(-1)}/secret.csv`, 'PATH_NOT_ALLOWED', /secret\.csv is outside the folders/],
    ['elsewhere, by .. in a URI', `${pathToFileURL(folder).href}/%2e%2e/%2e%2e/etc/hostname`, 'PATH_NOT_ALLOWED', /outside the folders/],
    ['elsewhere, by a symbolic link', 'bad/link.csv', 'PATH_NOT_ALLOWED', /link\.csv \(it leads to .*secret\.csv\) is outside the folders/],
    ['elsewhere, by a folder that is a symbolic link', 'bad/way-out/secret.csv', 'PATH_NOT_ALLOWED', /outside the folders/],
    ['elsewhere, and not there', '/etc/no-such-file.csv', 'PATH_NOT_ALLOWED', /outside the folders/],
    ['on another machine', 's3://bucket/day.csv', 'REQUEST_INVALID', /s3:\/\/bucket\/day\.csv does not name a local file: give a path or a file:\/\/ URI/],
  ])('%s is refused when it is announced', async (_name, file, code, telling) => {
    expect(await server.run('data', 'arrive', 'shop', /^\/|:/.test(file) ? file : `${folder}/${file}`)).toEqual(refusal(code, telling));
  });

  it('missing is refused to the shell as well', async () => {
    expect(await server.command('data', 'arrive', 'shop', 'bad/none.csv')).toEqual(refusal('DATA_FILE_NOT_FOUND', /bad\/none\.csv does not exist/));
  });

  it.each<readonly [string, string, number, ErrorCode]>([
    ['empty', path('bad/empty.csv'), 422, 'DATA_FILE_EMPTY'],
    ['not what its name says', path('bad/csv.parquet'), 422, 'DATA_FILE_UNREADABLE'],
    ['elsewhere, by a symbolic link', path('bad/link.csv'), 403, 'PATH_NOT_ALLOWED'],
  ])('%s and announced over HTTP is refused with a status of its own, and the message kept', async (id, file, status, code) => {
    const body = JSON.stringify({ specversion: '1.0', type: 'refit.data.arrived.v1', source: '/shop', id, data: { dataset: 'shop', uri: pathToFileURL(file).href } });
    expect(await server.post(body)).toMatchObject({ status, body: { code, letterId: expect.any(String) } });
  });

  it('only a header is told to bring too few rows, and starts nothing', async () => {
    expect(await server.run('data', 'arrive', 'shop', write('bad/header.csv', 'ordered_at,price\n'))).toMatchObject({ exitCode: 0, stdout: expect.stringMatching(/skipped: too few rows/) });
    expect((await server.run('runs')).stdout).toMatch(/^No runs yet/);
  });
});

describe('a run whose data cannot be read', () => {
  const shelf = (glob: string) => pipelineText.replaceAll(/(name|dataset): shop/g, '$1: shelf').replace('source: {', `source: { paths: ["${glob}"],`);
  const runId = (stdout: string) => /run {6}(\S+)/.exec(stdout)?.[1] ?? '';

  it('fails with the reason and what to do, raises an alert, and goes on once it is mended', { timeout: 60_000 }, async () => {
    write('shelf/day-1.csv', '');
    await server.run('apply', write('shelf.yaml', shelf('shelf/*.csv')));
    const failed = await server.run('run', 'shelf', '--wait');
    expect(failed).toMatchObject({ exitCode: 1, stdout: expect.stringMatching(/DATA_FILE_EMPTY: .*shelf\/day-1\.csv has no bytes: deliver a file with data/) });
    expect(failed.stdout).toMatch(/once its cause is gone: refit retry /);
    expect((await server.run('alerts', '--pipeline', 'shelf')).stdout).toMatch(/shelf: ingest failed[\s\S]*has no bytes/);

    write('shelf/day-1.csv', dayCsv(1));
    expect(await server.run('retry', runId(failed.stdout))).toMatchObject({ exitCode: 0 });
    expect(await server.run('watch', runId(failed.stdout))).toMatchObject({ exitCode: 0, stdout: expect.stringMatching(/registered shelf v1, now champion/) });
  });

  it('says where it looked when there is none', async () => {
    renameSync(path('shelf'), path('shelf-away'));
    await server.run('apply', write('other.yaml', shelf(join('nowhere', '*.csv')).replaceAll('shelf', 'other')));
    expect(await server.run('run', 'other', '--wait')).toMatchObject({ exitCode: 1, stdout: expect.stringMatching(/DATA_EMPTY: dataset other has no batch to train on, and no file matches .*nowhere\/\*\.csv/) });
  });

  it('does not follow a link out of the allowed folders', async () => {
    await server.run('apply', write('link.yaml', shelf('bad/li*.csv').replaceAll('shelf', 'linked')));
    expect(await server.run('run', 'linked', '--wait')).toMatchObject({ exitCode: 1, stdout: expect.stringMatching(/PATH_NOT_ALLOWED: .*link\.csv \(it leads to .*secret\.csv\) is outside/) });
  });
});
