import type { SnapshotColumn, SnapshotType } from './column-types.js';
import type { DuckDb } from './duckdb.js';
import { identifier, listLiteral, literal } from './sql.js';

/** Digits without leading zeros: codes such as 08123 stay text. 18 digits fit a BIGINT. */
const integer = '^[+-]?(0|[1-9][0-9]{0,17})$';
export const float = '^[+-]?((0|[1-9][0-9]*)(\\.[0-9]*)?|\\.[0-9]+)([eE][+-]?[0-9]+)?$|^[+-]?(?i:nan|inf|infinity)$';

/**
 * The narrowest type that every value of each text column fits: boolean (true, false), integer, float, time (ISO 8601,
 * without a zone: UTC), else text. All rows are looked at, so the answer does not depend on a sample.
 *
 * @param timeFormats in which times may be written besides (strptime)
 */
export async function inferTextTypes(db: DuckDb, relation: string, names: readonly string[], timeFormats: readonly string[] = []): Promise<readonly SnapshotColumn[]> {
  const counts = names.map((name, i) => {
    const value = `trim(${identifier(name)})`;
    return [
      `count(${identifier(name)}) AS present${i}`,
      `count(*) FILTER (lower(${value}) IN ('true', 'false')) AS boolean${i}`,
      `count(*) FILTER (regexp_full_match(${value}, ${literal(integer)})) AS integer${i}`,
      `count(*) FILTER (regexp_full_match(${value}, ${literal(float)})) AS float${i}`,
      `count(CASE WHEN ${timeFormats.length > 0 || mayBeTime(value)} THEN ${time(value, timeFormats, 'try')} END) AS time${i}`,
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

/**
 * The SQL that makes a time in UTC of a text: NULL, or a conversion error, for what is none. Only a text with a zone or an
 * offset needs the cast that knows them, which is several times as slow; the plain one would pass over an offset.
 */
function time(value: string, formats: readonly string[], mode: 'try' | 'must'): string {
  const last = `${mode === 'must' && formats.length === 0 ? 'CAST' : 'TRY_CAST'}(${value} AS TIMESTAMPTZ) AT TIME ZONE 'UTC'`;
  const iso = `CASE WHEN contains(${value}, '+') OR contains(substr(${value}, 11), '-') THEN ${last} ELSE coalesce(TRY_CAST(${value} AS TIMESTAMP), ${last}) END`;
  return formats.length === 0 ? iso : `coalesce(${iso}, ${mode === 'try' ? 'try_strptime' : 'strptime'}(${value}, ${listLiteral(formats)}))`;
}

/** Whether a text can be a time at all: it has what dates are parted by, or is one of a few words. */
const mayBeTime = (value: string) => `(regexp_matches(${value}, '[-/ \\\\]') OR lower(${value}) IN ('epoch', 'infinity'))`;

/** The SQL that turns a text column into the type found for it. */
export function fromText({ name, type }: SnapshotColumn, timeFormats: readonly string[] = []): string {
  const column = identifier(name);
  switch (type) {
    case 'VARCHAR':
      return column;
    case 'TIMESTAMP':
      return `(${time(`trim(${column})`, timeFormats, 'must')}) AS ${column}`;
    case 'BOOLEAN':
    case 'BIGINT':
    case 'DOUBLE':
      return `CAST(trim(${column}) AS ${type}) AS ${column}`;
  }
}

/**
 * The same, which fails with a conversion error, or `otherType`, at the first value that does not fit the type, as
 * `inferTextTypes` has it. Most values are known to fit without a regular expression, which is slow.
 */
export function fromTextOrFail(column: SnapshotColumn, timeFormats: readonly string[]): string {
  const name = identifier(column.name);
  const failing = (fits: string, type: string) => `CASE WHEN ${fits} THEN CAST(trim(${name}) AS ${type}) WHEN ${name} IS NULL THEN NULL ELSE error(${literal(otherType)}) END`;
  const matching = (quickly: string, pattern: string, type: string) =>
    `CASE WHEN ${quickly} THEN CAST(${name} AS ${type}) ELSE ${failing(`regexp_full_match(trim(${name}), ${literal(pattern)})`, type)} END AS ${name}`;
  switch (column.type) {
    case 'BOOLEAN':
      return `CASE WHEN ${name} IN ('true', 'false') THEN ${name} = 'true' ELSE ${failing(`lower(trim(${name})) IN ('true', 'false')`, 'BOOLEAN')} END AS ${name}`;
    case 'BIGINT':
      return matching(`length(${name}) < 19 AND CAST(CAST(${name} AS BIGINT) AS VARCHAR) = ${name}`, integer, 'BIGINT');
    case 'DOUBLE':
      return matching(`(${leading.map(([from, until]) => `(${name} >= ${literal(from)} AND ${name} < ${literal(until)})`).join(' OR ')}) AND NOT contains(${name}, '_')`, float, 'DOUBLE');
    case 'TIMESTAMP': {
      const whole = time(`trim(${name})`, timeFormats, 'must');
      return `${timeFormats.length > 0 ? whole : `CASE WHEN ${isPlainTime(name)} THEN CAST(${name} AS TIMESTAMP) ELSE ${whole} END`} AS ${name}`;
    }
    case 'VARCHAR':
      return name;
  }
}

/** Of the form 2018-01-02 03:04:05, or 2018-01-02: there is no room for an offset. */
const isPlainTime = (name: string) => `((strlen(${name}) = 19 AND ${name}[14] = ':' AND ${name}[17] = ':') OR (strlen(${name}) = 10 AND ${name}[5] = '-'))`;

export const otherType = 'refit: a value of another type';

/** What numbers begin with that have no leading zero; the ends are out of order behind every digit, or point. */
const leading = [['1', ':'], ['-1', '-:'], ['0.', '0/'], ['-0.', '-0/']] as const;
