import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import { DataFormat, RefitError } from '@refit/contracts';
import { sniffDialect, type Dialect } from '../delimited-dialect.js';
import { withDuckDb, type DuckDb } from '../duckdb.js';
import { inspectDataFile } from '../inspect-data-file.js';
import { readDataFile } from '../read-data-file.js';
import { describeRows, type RowsSource } from '../snapshot-columns.js';
import { readingFrom } from '../source-rows.js';
import { decompressed, decompressedFolder } from './decompress.js';
import { loadDelimited } from './load-delimited.js';
import { loadRows } from './load-rows.js';
import { detectEncoding, transcode } from './text-encoding.js';

export interface PrepareOptions {
  /** UNSPECIFIED: by name, then by content. */
  readonly format?: DataFormat;
  /** As the Encoding Standard names it; by default it is found out. */
  readonly encoding?: string;
  readonly signal?: AbortSignal;
  readonly memoryLimit?: string;
  /** Which the work may reach besides the file. */
  readonly folders?: readonly string[];
}

/** A data file of any format, encoding and dialect, as typed rows that statistics can be computed of. */
export interface PreparedFile {
  /** Real path. */
  readonly path: string;
  readonly format: DataFormat;
  readonly bytes: number;
  /** Absent: it holds no text. */
  readonly encoding?: string;
  /** Of delimited text. */
  readonly dialect?: Dialect;
  /** Where the typed rows are while the work lasts: in the file itself, or in a table that it was read into. */
  readonly source: RowsSource;
  readonly rows: number;
  /** Left out because they do not have the file's shape. */
  readonly malformedRows: number;
  readonly malformedLines: readonly number[];
}

/**
 * Reads a file for work that needs no service. Types are those that the ingestion finds; beyond what it takes, so are
 * encodings other than UTF-8, and every dialect of delimited text that DuckDB knows.
 *
 * @throws RefitError DATA_FILE_NOT_FOUND, DATA_FILE_EMPTY, DATA_FILE_UNREADABLE, REQUEST_INVALID
 */
export async function withPreparedFile<T>(file: string, options: PrepareOptions, work: (db: DuckDb, prepared: PreparedFile) => Promise<T>): Promise<T> {
  const scratch = await mkdtemp(join(tmpdir(), 'refit-prepare-'));
  const { signal, memoryLimit = '224MB', folders = [] } = options;
  try {
    const text = await asUtf8(await decompressed(resolve(file), scratch, signal), options, scratch);
    const found = await inspectDataFile(text.path, options.format ?? DataFormat.UNSPECIFIED, ['/']);
    const isText = found.format !== DataFormat.PARQUET;
    return await withDuckDb({ files: [found.path], folders: [scratch, ...folders], scratch, memoryLimit, ...(signal && { signal }) }, async (db) => {
      const rows = await typedRows(db, found.path, found.format, scratch);
      const { rows: count } = await readingFrom(found.path, () => describeRows(db, rows.source));
      const prepared = { ...rows, path: resolve(file), format: found.format, bytes: found.bytes, rows: count, ...(isText && { encoding: text.encoding }) };
      // What is wrong with the values of a Parquet file shows when they are read.
      return isText ? work(db, prepared) : readingFrom(found.path, () => work(db, prepared));
    });
  } catch (error) {
    throw aboutOriginal(error, scratch, resolve(file));
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

async function asUtf8(path: string, { encoding: given, signal }: PrepareOptions, scratch: string): Promise<{ path: string; encoding: string }> {
  const encoding = given === undefined ? await detectEncoding(path, signal).catch(() => 'utf-8') : given; // a file that cannot be read is told of below
  if (/^utf-?8$/iu.test(encoding)) return { path, encoding: 'utf-8' };
  const target = join(scratch, basename(path));
  await transcode(path, encoding, target, signal);
  return { path: target, encoding };
}

type TypedRows = Pick<PreparedFile, 'source' | 'malformedRows' | 'malformedLines' | 'dialect'>;

async function typedRows(db: DuckDb, path: string, format: DataFormat, scratch: string): Promise<TypedRows> {
  if (format === DataFormat.PARQUET) return { source: { parquet: path }, malformedRows: 0, malformedLines: [] };
  const source = { table: 'refit:rows' };
  if (format === DataFormat.CSV || format === DataFormat.TSV) {
    const dialect = await sniffDialect(db, path, format === DataFormat.TSV ? '\t' : undefined);
    return { source, dialect, ...(await loadDelimited(db, path, dialect, source.table)) };
  }
  const { select, malformedRows, malformedLines } = await readDataFile(db, path, format, scratch);
  await readingFrom(path, () => loadRows(db, select, source.table));
  return { source, malformedRows, malformedLines };
}

/** Of a copy in UTF-8 nobody has heard. */
function aboutOriginal(error: unknown, scratch: string, path: string): unknown {
  if (!(error instanceof RefitError) || !error.message.includes(scratch)) return error;
  return new RefitError(error.code, error.message.replaceAll(join(scratch, basename(path)), path).replaceAll(join(scratch, decompressedFolder), dirname(path)).replaceAll(scratch, dirname(path)), { cause: error });
}
