import type { DuckDb } from './duckdb.js';
import { readHeader, type DelimitedHeader } from './delimited-header.js';
import { linesAt } from './line-numbers.js';
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
  const header = await readHeader(path, delimiter);
  assertUsableColumns(path, header.names);
  const read = async (strict: boolean) => {
    const relation = delimitedRelation(path, header, strict);
    const columns = await inferTextTypes(db, relation, header.names);
    return { select: `SELECT ${columns.map(fromText).join(', ')} FROM ${relation}`, columns, ...(await rejectedRows(db, path)) };
  };
  return readingFrom(path, () =>
    read(true).catch((error: unknown) => {
      // Strict reading gives up on files that mix CR LF with LF, which are harmless.
      if (error instanceof Error && error.message.includes('invalid state')) return read(false);
      throw error;
    }),
  );
}

/** With `store_rejects` for every reading: with `ignore_errors`, DuckDB 1.5.5 can lose the good row after a bad one. */
function delimitedRelation(path: string, { delimiter, names }: DelimitedHeader, strict: boolean) {
  const columns = names.map((name) => `${literal(name)}: 'VARCHAR'`).join(', ');
  return `read_csv(${literal(path)}, auto_detect = false, header = true, delim = ${literal(delimiter)}, quote = '"', escape = '"',
    columns = {${columns}}, store_rejects = true, strict_mode = ${strict})`;
}

async function rejectedRows(db: DuckDb, path: string) {
  const rejects = 'FROM reject_errors WHERE scan_id = (SELECT max(scan_id) FROM reject_errors)';
  const [count] = await db.rows(`SELECT count(DISTINCT line_byte_position) AS n ${rejects}`);
  const starts = await db.rows(`SELECT DISTINCT line_byte_position AS start ${rejects} ORDER BY start LIMIT ${reportedLines}`);
  return {
    malformedRows: Number(count?.['n']),
    malformedLines: await linesAt(path, starts.map((row) => Number(row['start']))),
  };
}
