import { insteadOfColumn, RefitError } from '@refit/contracts';
import { weakestCorrelation, type ColumnRelations, type ColumnStatistics, type DatasetStatistics, type RowsAlike } from '@refit/data-validation';
import type { SnapshotColumn } from '../column-types.js';
import type { DuckDb } from '../duckdb.js';
import { describeRows, type RowsSource } from '../snapshot-columns.js';
import { identifier } from '../sql.js';
import { asFinite, double } from './column-sql.js';
import { rowNumber } from './column-task.js';
import { featurePower, type LabelChoice } from './feature-power.js';
import { firstHashes } from './sample-columns.js';
import { statisticsSource } from './statistics-source.js';

/** At most so many rows are looked at. */
const mostRows = 200_000;
const mostCorrelated = 40;
const listedCorrelations = 100;

export interface RelateOptions {
  /** Whether to ask for correlations of columns; by default they are. */
  readonly correlations?: boolean;
}

/**
 * What columns have to do with each other, on at most 200,000 rows: those that a hash of their number chooses; where rows
 * that are alike are counted, those that a hash of their content does, so that none is parted from its likes.
 *
 * @param statistics of the same rows
 * @throws RefitError FEATURES_MISSING for a label that is not there, REQUEST_INVALID for one that cannot be one
 */
export async function relateColumns(db: DuckDb, from: RowsSource, statistics: DatasetStatistics, label?: LabelChoice, { correlations = true }: RelateOptions = {}): Promise<ColumnRelations> {
  const snapshot = await describeRows(db, from);
  const { relation, rows } = await statisticsSource(db, from, snapshot, {});
  const known = new Map(statistics.columns.map((column) => [column.name, column]));
  const target = label && labelColumn(known, label);
  const chosen = `(SELECT * FROM ${relation} WHERE hash(${rowNumber}) < ${firstHashes(mostRows / rows)})`;
  const [count] = await db.rows(`SELECT count(*) AS n FROM ${chosen}`);
  const { columns } = snapshot;
  return {
    rows,
    lookedAt: Number(count?.['n']),
    ...(correlations ? await correlate(db, chosen, columns.filter(({ type, name }) => type === 'BOOLEAN' || (isNumber(type) && varies(known.get(name))))) : { correlations: [] }),
    duplicates: await countDuplicates(db, relation, rows, columns),
    ...(label && target && { label: { column: label.column, ...(await featurePower(db, chosen, columns, known, label)), conflicting: await countConflicts(db, relation, rows, columns, known, label) } }),
  };
}

const isNumber = (type: SnapshotColumn['type']) => type === 'BIGINT' || type === 'DOUBLE';

const varies = (column: ColumnStatistics | undefined) => column?.numeric !== undefined && column.numeric.maximum > column.numeric.minimum;

function labelColumn(known: ReadonlyMap<string, ColumnStatistics>, { column, above }: LabelChoice): ColumnStatistics {
  const found = known.get(column);
  if (!found) throw new RefitError('FEATURES_MISSING', `the data has no column "${column}" to be the label (${insteadOfColumn(column, [...known.keys()])})`);
  if (found.type === 'timestamp' || (above !== undefined && !found.numeric)) throw new RefitError('REQUEST_INVALID', `"${column}" is ${found.type}: a label is a class or a number${above === undefined ? '' : ', and one to lie above another is a number'}`);
  return found;
}

async function correlate(db: DuckDb, chosen: string, columns: readonly SnapshotColumn[]): Promise<Pick<ColumnRelations, 'correlations' | 'correlatedColumns'>> {
  const asked = columns.slice(0, mostCorrelated);
  const pairs = asked.flatMap((a, i) => asked.slice(i + 1).map((b) => [a, b] as const));
  if (pairs.length === 0) return { correlations: [] };
  const finite = asked.map((column) => (column.type === 'BOOLEAN' ? `CAST(${identifier(column.name)} AS DOUBLE)` : asFinite(column)));
  const [sizes = {}] = await db.rows(`SELECT ${finite.map((x, i) => `max(abs(${x})) AS m${i}`).join(', ')} FROM ${chosen}`);
  // In units of the largest: a correlation does not mind, and nothing overflows.
  const scaled = finite.map((x, i) => `${x} / ${double(Number(sizes[`m${i}`]) || 1)} AS x${i}`);
  const aggregates = pairs.map(([a, b], i) => `corr(x${asked.indexOf(a)}, x${asked.indexOf(b)}) AS r${i}`);
  const [row = {}] = await db.rows(`SELECT ${aggregates.join(', ')} FROM (SELECT ${scaled.join(', ')} FROM ${chosen})`);
  const correlations = pairs.flatMap(([a, b], i) => {
    const value = row[`r${i}`];
    // On several threads the last digits depend on who is first.
    return typeof value === 'number' && Math.abs(value) >= weakestCorrelation ? [{ columns: [a.name, b.name] as const, value: Number(value.toFixed(9)) }] : [];
  });
  return {
    correlations: correlations.toSorted((a, b) => Math.abs(b.value) - Math.abs(a.value)).slice(0, listedCorrelations),
    ...(columns.length > asked.length && { correlatedColumns: asked.length }),
  };
}

const contentHash = (columns: readonly SnapshotColumn[]) => `hash(${columns.map(({ name }) => identifier(name)).join(', ')})`;

async function countDuplicates(db: DuckDb, relation: string, rows: number, columns: readonly SnapshotColumn[]): Promise<RowsAlike> {
  const [row] = await db.rows(`SELECT CAST(coalesce(sum(n), 0) AS DOUBLE) AS rows, CAST(count(*) AS DOUBLE) AS kinds
    FROM (SELECT ${contentHash(columns)} AS content, count(*) AS n FROM ${relation} WHERE content < ${firstHashes(mostRows / rows)} GROUP BY content)`);
  return { lookedAt: Number(row?.['rows']), rows: Number(row?.['rows']) - Number(row?.['kinds']) };
}

/** What tells every row from every other says nothing about whether they are alike. */
async function countConflicts(
  db: DuckDb, relation: string, rows: number, columns: readonly SnapshotColumn[], known: ReadonlyMap<string, ColumnStatistics>, { column, above }: LabelChoice,
): Promise<RowsAlike> {
  const features = columns.filter(({ name }) => name !== column && known.get(name)?.semantic !== 'identifier');
  if (features.length === 0) return { lookedAt: 0, rows: 0 };
  const label = above === undefined ? identifier(column) : `${identifier(column)} > ${double(above)}`;
  const [row] = await db.rows(`SELECT CAST(coalesce(sum(n), 0) AS DOUBLE) AS rows, CAST(coalesce(sum(n - most), 0) AS DOUBLE) AS conflicting FROM (
    SELECT sum(n) AS n, max(n) AS most FROM (
      SELECT ${contentHash(features)} AS content, ${label} AS label, count(*) AS n FROM ${relation} WHERE content < ${firstHashes(mostRows / rows)} AND ${identifier(column)} IS NOT NULL GROUP BY content, label
    ) GROUP BY content)`);
  return { lookedAt: Number(row?.['rows']), rows: Number(row?.['conflicting']) };
}
