import { invalidFile, type ErrorDetail, type PlacedExpression } from '@refit/contracts';
import { withDuckDb, type DuckDb } from '../duckdb.js';
import { literal } from '../sql.js';
import { refusalOf, sqlTrouble } from './user-sql.js';

/**
 * Whether expectations can be asked as they are written, before there are rows to ask. Names of columns, and what type a
 * value has, only the data tells: a batch may have what none had before.
 *
 * @throws RefitError PIPELINE_FILE_INVALID with every fault and its place
 */
export async function checkExpressions(expressions: readonly PlacedExpression[], fileName: string): Promise<void> {
  if (expressions.length === 0) return;
  const faults = await withDuckDb({}, async (db) => {
    const found: ErrorDetail[] = [];
    for (const { language, text, path, place } of expressions) {
      const trouble = language === 'sql' ? await refusalOf(db, text) : await patternTrouble(db, text);
      if (trouble !== undefined) found.push({ ...place, message: `${path}: ${trouble}` });
    }
    return found;
  });
  if (faults.length > 0) throw invalidFile({ fileName }, faults);
}

async function patternTrouble(db: DuckDb, pattern: string): Promise<string | undefined> {
  try {
    await db.rows(`SELECT regexp_full_match('', ${literal(pattern)})`);
    return undefined;
  } catch (error) {
    return sqlTrouble(error, []).replace('the SQL fails', 'it is no regular expression (RE2)');
  }
}
