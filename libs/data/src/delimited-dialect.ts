import { open } from 'node:fs/promises';
import { readHeader } from './delimited-header.js';
import type { DuckDb, Row } from './duckdb.js';
import { assertLineLengths, filledLines } from './lost-rows.js';
import { literal } from './sql.js';

/** How a delimited file is written. */
export interface Dialect {
  readonly delimiter: string;
  /** Empty: nothing quotes. */
  readonly quote: string;
  readonly escape: string;
  /** What begins a line that counts for nothing; empty: none does. */
  readonly comment: string;
  /** Lines before the header, or before the first row. */
  readonly skippedLines: number;
  readonly hasHeader: boolean;
  readonly names: readonly string[];
  /** Of dates and times that are not written as ISO 8601 has them (strptime). */
  readonly timeFormats: readonly string[];
}

/** RFC 4180 with a header, and any of the usual delimiters. @throws RefitError DATA_FILE_UNREADABLE */
export async function plainDialect(path: string, delimiter?: string): Promise<Dialect> {
  const header = await readHeader(path, delimiter);
  return { ...header, quote: '"', escape: '"', comment: '', skippedLines: 0, hasHeader: true, timeFormats: [] };
}

/**
 * The dialect that DuckDB finds in the first 20,480 rows; the plain one where it finds none, or no second column where the
 * plain one has some. One row that is too long makes DuckDB 1.5.5 take all rows before it for lines before the header: more
 * than half of a file are none.
 *
 * @throws RefitError DATA_FILE_UNREADABLE
 */
export async function sniffDialect(db: DuckDb, path: string, delimiter?: string): Promise<Dialect> {
  await assertLineLengths(path);
  const declared = await declaredDelimiter(path);
  const afterDeclaration = declared === undefined ? undefined : await sniff(db, path, declared, false, 1);
  if (afterDeclaration) return afterDeclaration;
  const sniffed = await sniffUndeclared(db, path, delimiter);
  const plain = await plainDialect(path, delimiter).catch((error: unknown) => {
    if (sniffed) return undefined;
    throw error;
  });
  return sniffed && plain ? theBetter(sniffed, plain) : (sniffed ?? plain ?? plainDialect(path, delimiter));
}

async function sniffUndeclared(db: DuckDb, path: string, delimiter: string | undefined): Promise<Dialect | undefined> {
  const strict = await sniff(db, path, delimiter, false);
  if (strict && strict.names.length > 1 && strict.skippedLines === 0) return strict;
  const lenient = await sniff(db, path, delimiter, true);
  if (!strict || strict.names.length < 2) return lenient ?? strict;
  return lenient && (await skipsTooMuch(path, strict, lenient)) ? lenient : strict;
}

const skipsTooMuch = async (path: string, strict: Dialect, lenient: Dialect) =>
  lenient.names.length > 1 && lenient.skippedLines < strict.skippedLines && strict.skippedLines > (await filledLines(path, '')) / 2;

/** Spreadsheets write it in a line of its own before the header: `sep=;`. */
async function declaredDelimiter(path: string): Promise<string | undefined> {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(16), 0, 16, 0);
    return /^\uFEFF?"?sep=(.)"?\r?\n/iu.exec(buffer.toString('utf8', 0, bytesRead))?.[1];
  } finally {
    await file.close();
  }
}

/** The plain one knows more names: those that begin with a blank, or are not there. */
function theBetter(sniffed: Dialect, plain: Dialect): Dialect {
  if (plain.names.length > 1 && sniffed.names.length < 2) return plain;
  const same = isPlain(sniffed) && plain.delimiter === sniffed.delimiter && plain.names.length === sniffed.names.length;
  return same ? { ...plain, timeFormats: sniffed.timeFormats } : sniffed;
}

const isPlain = ({ quote, escape, comment, skippedLines, hasHeader }: Dialect) => quote === '"' && escape === '"' && comment === '' && skippedLines === 0 && hasHeader;

/** Passing over errors it copes with ragged rows, but takes lines before the header for one. */
async function sniff(db: DuckDb, path: string, delimiter: string | undefined, ignoreErrors: boolean, skip = 0): Promise<Dialect | undefined> {
  const given = `${delimiter === undefined ? '' : `, delim = ${literal(delimiter)}`}${skip === 0 ? '' : `, skip = ${skip}`}`;
  const [row] = await db.rows(`SELECT Delimiter AS delimiter, Quote AS quote, Escape AS escape, Comment AS comment, CAST(SkipRows AS INTEGER) AS skipped, HasHeader AS header,
    CAST(to_json(list_transform(Columns, lambda found: found.name)) AS VARCHAR) AS names, DateFormat AS date, TimestampFormat AS time
    FROM sniff_csv(${literal(path)}, ignore_errors = ${ignoreErrors}${given})`).catch(() => []); // it may find nothing
  return row && dialectOf(row);
}

function dialectOf(row: Row): Dialect {
  const text = (key: string) => (row[key] === '(empty)' || row[key] === null ? '' : String(row[key]));
  const quote = text('quote') || '"';
  const hasHeader = row['header'] === true;
  const names = JSON.parse(String(row['names'])) as string[]; // as to_json writes them
  return {
    delimiter: text('delimiter') || ',', quote, escape: text('escape') || quote, comment: text('comment'), skippedLines: Number(row['skipped']), hasHeader,
    names: names.map((name, i) => (name.trim() === '' || !hasHeader ? `column${i + 1}` : name.trim())),
    timeFormats: [text('date'), text('time')].filter((format) => format !== '' && !format.startsWith('%Y-%m-%d')),
  };
}
