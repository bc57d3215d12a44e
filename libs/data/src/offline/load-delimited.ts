import type { Dialect } from '../delimited-dialect.js';
import type { DuckDb } from '../duckdb.js';
import { delimitedRelation, leniently, malformedRows, readTexts } from '../read-delimited.js';
import { assertUsableColumns, readingFrom, type SourceRows } from '../source-rows.js';
import { identifier } from '../sql.js';
import { fromTextOrFail, inferTextTypes, otherType } from '../text-types.js';
import { loadRows } from './load-rows.js';

const sampleRows = 20_000;

/**
 * Loads the rows of a delimited file into a table, with the types that all of its values fit. It is read once where the
 * first rows tell the types, and from the beginning where a later value does not fit them.
 *
 * @throws RefitError DATA_FILE_UNREADABLE
 */
export async function loadDelimited(db: DuckDb, path: string, dialect: Dialect, table: string): Promise<Pick<SourceRows, 'malformedRows' | 'malformedLines'>> {
  assertUsableColumns(path, dialect.names);
  return leniently(path, async (strict) => {
    const relation = delimitedRelation(path, dialect, strict);
    const guess = await guessedSelect(db, relation, dialect);
    if (guess === undefined || !(await loaded(db, guess, table))) return loadInferred(db, path, dialect, table);
    return malformedRows(db, path, dialect, strict);
  });
}

/** Undefined when the sample has a column without a value: it tells nothing. */
async function guessedSelect(db: DuckDb, relation: string, { names, timeFormats }: Dialect): Promise<string | undefined> {
  const sample = `(SELECT * FROM ${relation} LIMIT ${sampleRows})`;
  const [counts = {}] = await db.rows(`SELECT ${names.map((name, i) => `count(${identifier(name)}) AS n${i}`).join(', ')} FROM ${sample}`);
  if (names.some((_, i) => Number(counts[`n${i}`]) === 0)) return undefined;
  const columns = await inferTextTypes(db, sample, names, timeFormats);
  return `SELECT ${columns.map((column) => fromTextOrFail(column, timeFormats)).join(', ')} FROM ${relation}`;
}

async function loaded(db: DuckDb, select: string, table: string): Promise<boolean> {
  try {
    await loadRows(db, select, table);
    return true;
  } catch (error) {
    if (error instanceof Error && (error.message.includes(otherType) || error.message.startsWith('Conversion'))) return false;
    throw error;
  }
}

async function loadInferred(db: DuckDb, path: string, dialect: Dialect, table: string): Promise<Pick<SourceRows, 'malformedRows' | 'malformedLines'>> {
  const { select, ...malformed } = await readTexts(db, path, dialect);
  await readingFrom(path, () => loadRows(db, select, table));
  return malformed;
}
