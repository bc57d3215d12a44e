import { join } from 'node:path';
import { isRefitError, RefitError } from '@refit/contracts';
import type { DuckDb } from './duckdb.js';
import { maskInvalidLines } from './mask-invalid-lines.js';
import { readTyped } from './read-parquet.js';
import { readingFrom, reportedLines, type SourceRows } from './source-rows.js';
import { literal } from './sql.js';

const longestLine = 2 * 1024 * 1024;

/**
 * JSON Lines in UTF-8: one object per line; blank lines count for nothing. Lines that are no JSON object, or no UTF-8, are left
 * out and counted. Nested values become text.
 *
 * @param scratch a folder for copies without the malformed lines, made only where there are some
 * @throws RefitError DATA_FILE_UNREADABLE
 */
export async function readJsonLines(db: DuckDb, path: string, scratch: string): Promise<SourceRows> {
  return readLines(db, path, scratch).catch(async (error: unknown) => {
    // DuckDB gives up where a line is no UTF-8: that line is one of the malformed ones.
    const masked = join(scratch, 'masked.jsonl');
    if (!isRefitError(error, 'DATA_FILE_UNREADABLE') || (await maskInvalidLines(path, masked)) === 0) throw error;
    return readingFrom(path, () => readLines(db, masked, scratch));
  });
}

async function readLines(db: DuckDb, path: string, scratch: string): Promise<SourceRows> {
  const lines = `(SELECT row_number() OVER () AS number, line FROM read_csv(${literal(path)}, auto_detect = false, header = false, columns = {line: 'VARCHAR'},
    delim = '\u0001', quote = '', escape = '', strict_mode = false, null_padding = true, max_line_size = ${longestLine}))`;
  const isObject = `(json_valid(line) AND json_type(CASE WHEN json_valid(line) THEN line END) = 'OBJECT')`;
  const malformed = await readingFrom(path, () =>
    db.rows(`SELECT number, count(*) OVER () AS total FROM ${lines} WHERE line IS NOT NULL AND trim(line) <> '' AND NOT ${isObject} ORDER BY number LIMIT ${reportedLines}`),
  );
  if (malformed.length === 0) return readTyped(db, path, jsonRelation(path));
  const clean = join(scratch, 'well-formed.jsonl');
  await db.run(`COPY (SELECT line FROM ${lines} WHERE ${isObject}) TO ${literal(clean)} (FORMAT csv, HEADER false, QUOTE '', ESCAPE '', DELIMITER '\u0001')`);
  const [count] = await db.rows(`SELECT count(*) AS n FROM ${lines} WHERE ${isObject}`);
  if (Number(count?.['n']) === 0) throw new RefitError('DATA_FILE_UNREADABLE', `${path} has no line that is a JSON object`);
  return {
    ...(await readTyped(db, path, jsonRelation(clean))),
    malformedRows: Number(malformed[0]?.['total']),
    malformedLines: malformed.map((row) => Number(row['number'])),
  };
}

const jsonRelation = (path: string) =>
  `read_json(${literal(path)}, format = 'newline_delimited', sample_size = -1, maximum_object_size = ${longestLine})`;
