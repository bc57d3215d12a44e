import type { TextForms } from '@refit/data-validation';
import type { SnapshotColumn } from '../column-types.js';
import type { DuckDb, Row } from '../duckdb.js';
import { identifier, literal } from '../sql.js';
import { asFinite, replacement } from './column-sql.js';
import type { StatisticsSource } from './column-task.js';
import { firstHashes } from './sample-columns.js';
import { formOf, isMojibake, sumForms, textForms } from './text-forms.js';

/** What one pass over a column tells. Extremes are those of finite numbers, undefined without any; lengths those of text. */
export interface ScannedColumn {
  readonly present: number;
  readonly finite: number;
  readonly nan: number;
  readonly minimum: number | undefined;
  readonly maximum: number | undefined;
  readonly minimumLength: number;
  readonly maximumLength: number;
  readonly meanLength: number;
  readonly replaced: number;
  readonly forms: TextForms | undefined;
  readonly distinct: number;
  /** The standard error of `distinct`, as a share of it. */
  readonly distinctError: number;
}

/** How many hashes a column's distinct values are counted by, at most. */
const mostHashes = 131_072;
const columnsPerScan = 50;

/**
 * By name. Distinct values are counted among those whose hash lies in the first part of its range: as many hashes for any number of rows.
 *
 * @param formed the columns of text of which it is to be counted what is more than words
 */
export async function scanColumns(db: DuckDb, { relation, rows }: StatisticsSource, columns: readonly SnapshotColumn[], formed: ReadonlySet<string>): Promise<ReadonlyMap<string, ScannedColumn>> {
  const parts = Math.max(rows / mostHashes, 1);
  const found = new Map<string, ScannedColumn>();
  for (let from = 0; from < columns.length; from += columnsPerScan) {
    const batch = columns.slice(from, from + columnsPerScan);
    const prepared = batch.map(({ name }, i) => {
      const text = formed.has(name) ? `, ${formOf(identifier(name))} AS f${i}, ${isMojibake(identifier(name))} AS d${i}` : '';
      return `hash(${identifier(name)}) AS h${i}${text}`;
    });
    const [row = {}] = await db.rows(`SELECT ${batch.map((column, i) => aggregates(column, i, parts, formed.has(column.name))).join(', ')} FROM (SELECT *, ${prepared.join(', ')} FROM ${relation})`);
    batch.forEach(({ name }, i) => found.set(name, scannedColumn(row, i, parts)));
  }
  return found;
}

function aggregates(column: SnapshotColumn, i: number, parts: number, hasForms: boolean): string {
  const name = identifier(column.name);
  const distinct = `count(DISTINCT h${i}) FILTER (${name} IS NOT NULL AND h${i} < ${firstHashes(1 / parts)}) AS distinct${i}`;
  if (column.type === 'VARCHAR') {
    const length = `length(${name})`;
    return `count(${name}) AS present${i}, ${distinct}, min(${length}) AS shortest${i}, max(${length}) AS longest${i}, avg(${length}) AS length${i},
      count_if(contains(${name}, ${literal(replacement)})) AS replaced${i}${hasForms ? `, ${sumForms(`f${i}`, `d${i}`, (condition) => `count_if(${condition})`, String(i))}` : ''}`;
  }
  const finite = asFinite(column);
  return `count(${name}) AS present${i}, ${distinct}, count(${finite}) AS finite${i}, ${column.type === 'DOUBLE' ? `count_if(isnan(${name}))` : '0'} AS nan${i},
    min(${finite}) AS minimum${i}, max(${finite}) AS maximum${i}`;
}

function scannedColumn(row: Row, i: number, parts: number): ScannedColumn {
  const value = (key: string) => Number(row[`${key}${i}`] ?? 0);
  const extreme = (key: string) => (row[`${key}${i}`] === null || row[`${key}${i}`] === undefined ? undefined : value(key));
  const distinct = Math.min(Math.round(value('distinct') * parts), value('present'));
  return {
    present: value('present'), finite: value('finite'), nan: value('nan'), minimum: extreme('minimum'), maximum: extreme('maximum'),
    minimumLength: value('shortest'), maximumLength: value('longest'), meanLength: value('length'), replaced: value('replaced'), forms: textForms(row, String(i)),
    distinct, distinctError: distinct === 0 ? 0 : Math.sqrt((parts - 1) / distinct),
  };
}
