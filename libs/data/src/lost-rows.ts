import { createReadStream } from 'node:fs';
import { RefitError } from '@refit/contracts';
import type { Dialect } from './delimited-dialect.js';
import type { DuckDb } from './duckdb.js';
import { identifier } from './sql.js';

const chunkBytes = 1_048_576;
const [lineFeed, carriageReturn, blank, tab] = [10, 13, 32, 9];

/** DuckDB 1.5.5 passes over a line that does not fit its buffer of 32 MB, without a word; lines over 2 MB it rejects and reports. */
const longestLine = 16 * chunkBytes;

/**
 * A line that is too long to be told of.
 *
 * @throws RefitError DATA_FILE_UNREADABLE
 */
export async function assertLineLengths(path: string): Promise<void> {
  let length = 0;
  for await (const part of createReadStream(path, { highWaterMark: chunkBytes })) {
    const chunk = part as Buffer; // a stream without an encoding gives buffers
    const last = lastBreak(chunk);
    length = last === -1 ? length + chunk.length : chunk.length - last - 1;
    if (length > longestLine) throw new RefitError('DATA_FILE_UNREADABLE', `${path} has a line of more than 16 MiB: no row is that long; correct it, or name the file's real format`);
  }
}

/** Of files whose lines end with a carriage return alone, there is no line feed. */
const lastBreak = (chunk: Buffer) => {
  const feed = chunk.lastIndexOf(lineFeed);
  return feed === -1 ? chunk.lastIndexOf(carriageReturn) : feed;
};

/**
 * How many lines of a delimited file are in no row that was read. Behind a quote that nobody closed DuckDB 1.5.5 passes over all
 * that follows up to the end of a buffer, and tells of one malformed row, or of none when it reads leniently.
 *
 * @param relation the file's rows, all columns as text
 */
export async function lostRows(db: DuckDb, path: string, { comment, skippedLines, hasHeader, names }: Dialect, relation: string): Promise<number> {
  const continued = names.map((name) => linesAfterTheFirst(identifier(name)));
  const [read] = await db.rows(`SELECT count(*) AS rows, CAST(coalesce(sum(${continued.join(' + ')}), 0) AS DOUBLE) AS continued FROM ${relation}`);
  const lines = await filledLines(path, comment);
  return Math.max(lines - skippedLines - (hasHeader ? 1 : 0) - Number(read?.['rows']) - Number(read?.['continued']), 0);
}

/** Of a quoted value. Lines of blanks are none, but the last, which has the closing quote at least. */
const linesAfterTheFirst = (column: string) =>
  `coalesce(len(regexp_extract_all(${column}, '[\\r\\n][^\\r\\n]*[^\\s]')) + CAST(regexp_matches(${column}, '[\\r\\n][ \\t]*$') AS INTEGER), 0)`;

/** Lines with more than blanks that are no comments. */
export async function filledLines(path: string, comment: string): Promise<number> {
  const sign = comment.charCodeAt(0);
  let lines = 0;
  let isEmpty = true;
  let isComment = false;
  for await (const part of createReadStream(path, { highWaterMark: chunkBytes })) {
    for (const byte of part as Buffer) { // a stream without an encoding gives buffers
      if (byte === lineFeed || byte === carriageReturn) {
        if (!isEmpty && !isComment) lines++;
        isEmpty = true;
        isComment = false;
      } else if (isEmpty && byte !== blank && byte !== tab) {
        isEmpty = false;
        isComment = byte === sign;
      }
    }
  }
  return lines + (isEmpty || isComment ? 0 : 1);
}
