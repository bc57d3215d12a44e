import type { SnapshotColumn, SnapshotType } from './column-types.js';
import type { DuckDb } from './duckdb.js';
import { identifier, literal } from './sql.js';

/** Digits without leading zeros: codes such as 08123 stay text. 18 digits fit a BIGINT. */
const integer = '^[+-]?(0|[1-9][0-9]{0,17})$';
const float = '^[+-]?((0|[1-9][0-9]*)(\\.[0-9]*)?|\\.[0-9]+)([eE][+-]?[0-9]+)?$|^[+-]?(?i:nan|inf|infinity)$';

/**
 * The narrowest type that every value of each text column fits: boolean (true, false), integer, float, time (ISO 8601,
 * without a zone: UTC), else text. All rows are looked at, so the answer does not depend on a sample.
 */
export async function inferTextTypes(db: DuckDb, relation: string, names: readonly string[]): Promise<readonly SnapshotColumn[]> {
  const counts = names.map((name, i) => {
    const value = `trim(${identifier(name)})`;
    return [
      `count(${identifier(name)}) AS present${i}`,
      `count(*) FILTER (lower(${value}) IN ('true', 'false')) AS boolean${i}`,
      `count(*) FILTER (regexp_full_match(${value}, ${literal(integer)})) AS integer${i}`,
      `count(*) FILTER (regexp_full_match(${value}, ${literal(float)})) AS float${i}`,
      `count(TRY_CAST(${value} AS TIMESTAMPTZ)) AS time${i}`,
    ].join(', ');
  });
  const [row = {}] = await db.rows(`SELECT ${counts.join(', ')} FROM ${relation}`);
  return names.map((name, i) => {
    const all = (kind: string) => Number(row[`${kind}${i}`]) === Number(row[`present${i}`]);
    return { name, type: Number(row[`present${i}`]) === 0 ? 'VARCHAR' : narrowest(all) };
  });
}

function narrowest(all: (kind: string) => boolean): SnapshotType {
  if (all('boolean')) return 'BOOLEAN';
  if (all('integer')) return 'BIGINT';
  if (all('float')) return 'DOUBLE';
  return all('time') ? 'TIMESTAMP' : 'VARCHAR';
}

/** The SQL that turns a text column into the type found for it. */
export function fromText({ name, type }: SnapshotColumn): string {
  const column = identifier(name);
  switch (type) {
    case 'VARCHAR':
      return column;
    case 'TIMESTAMP':
      return `(CAST(trim(${column}) AS TIMESTAMPTZ) AT TIME ZONE 'UTC') AS ${column}`;
    case 'BOOLEAN':
    case 'BIGINT':
    case 'DOUBLE':
      return `CAST(trim(${column}) AS ${type}) AS ${column}`;
  }
}
