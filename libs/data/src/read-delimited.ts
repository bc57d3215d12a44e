import type { DuckDb } from './duckdb.js';
import { plainDialect, type Dialect } from './delimited-dialect.js';
import { linesAt } from './line-numbers.js';
import { assertLineLengths, lostRows } from './lost-rows.js';
import { assertUsableColumns, readingFrom, reportedLines, type SourceRows } from './source-rows.js';
import { literal } from './sql.js';
import { fromText, inferTextTypes } from './text-types.js';

/**
 * CSV (RFC 4180: quotes doubled inside quotes, line breaks inside quotes) and TSV, in UTF-8, with a header. An empty
 * field is a missing value. Rows that have another number of fields, broken quotes or broken UTF-8 are left out and counted.
 *
 * @param delimiter undefined: found from the header
 * @throws RefitError DATA_FILE_UNREADABLE
 */
export async function readDelimited(db: DuckDb, path: string, delimiter?: string): Promise<SourceRows> {
  await assertLineLengths(path);
  const dialect = await plainDialect(path, delimiter);
  assertUsableColumns(path, dialect.names);
  return readTexts(db, path, dialect);
}

/** The same of a file in any dialect, whose columns are usable. @throws RefitError DATA_FILE_UNREADABLE */
export async function readTexts(db: DuckDb, path: string, dialect: Dialect): Promise<SourceRows> {
  return leniently(path, async (strict) => {
    const relation = delimitedRelation(path, dialect, strict);
    const columns = await inferTextTypes(db, relation, dialect.names, dialect.timeFormats);
    return { select: `SELECT ${columns.map((column) => fromText(column, dialect.timeFormats)).join(', ')} FROM ${relation}`, columns, ...(await malformedRows(db, path, dialect, strict)) };
  });
}

/** Strict reading gives up on files that mix CR LF with LF, which are harmless. @throws RefitError DATA_FILE_UNREADABLE */
export const leniently = <T>(path: string, read: (strict: boolean) => Promise<T>): Promise<T> =>
  readingFrom(path, () =>
    read(true).catch((error: unknown) => {
      if (error instanceof Error && error.message.includes('invalid state')) return read(false);
      throw error;
    }),
  );

/** All columns as text. With `store_rejects` for every reading: with `ignore_errors`, DuckDB 1.5.5 can lose the good row after a bad one. */
export function delimitedRelation(path: string, { delimiter, quote, escape, comment, skippedLines, hasHeader, names }: Dialect, strict: boolean): string {
  const columns = names.map((name) => `${literal(name)}: 'VARCHAR'`).join(', ');
  const more = [...(comment === '' ? [] : [`comment = ${literal(comment)}`]), ...(skippedLines === 0 ? [] : [`skip = ${skippedLines}`])].map((option) => `, ${option}`);
  return `read_csv(${literal(path)}, auto_detect = false, header = ${hasHeader}, delim = ${literal(delimiter)}, quote = ${literal(quote)}, escape = ${literal(escape)},
    columns = {${columns}}, store_rejects = true, strict_mode = ${strict}${more.join('')})`;
}

/** What the last reading left out. */
export async function malformedRows(db: DuckDb, path: string, dialect: Dialect, strict: boolean): Promise<Pick<SourceRows, 'malformedRows' | 'malformedLines'>> {
  const rejects = 'FROM reject_errors WHERE scan_id = (SELECT max(scan_id) FROM reject_errors)';
  const [count] = await db.rows(`SELECT count(DISTINCT line_byte_position) AS n, count_if(error_type = 'UNQUOTED VALUE') AS unquoted ${rejects}`);
  const starts = await db.rows(`SELECT DISTINCT line_byte_position AS start ${rejects} ORDER BY start LIMIT ${reportedLines}`);
  const mayHaveLost = !strict || Number(count?.['unquoted']) > 0;
  const lost = mayHaveLost ? await lostRows(db, path, dialect, delimitedRelation(path, dialect, strict)) : 0;
  return {
    malformedRows: Math.max(Number(count?.['n']), lost),
    malformedLines: await linesAt(path, starts.map((row) => Number(row['start']))),
  };
}
