import { binnedAuc, binnedR2, type BinSums, type ColumnStatistics, type FeatureBin, type LabelRelations, type NumericStatistics } from '@refit/data-validation';
import type { SnapshotColumn } from '../column-types.js';
import type { DuckDb, Row } from '../duckdb.js';
import { identifier, literal } from '../sql.js';
import { asFinite, asNumber, double } from './column-sql.js';
import { rowNumber } from './column-task.js';

/** A column to be learnt; a number may be made a class by what it lies above. */
export interface LabelChoice {
  readonly column: string;
  readonly above?: number;
}

/** How many columns one query takes. */
const columnsPerQuery = 16;
const numberBins = 20;
/** More categories share bins by their hash. */
const categoryBins = 1024;
const mostClasses = 10;
/** A whole number with more values is no class. */
const mostCodes = 20;

/** What each column by itself tells of the label, on rows that are chosen already. */
export async function featurePower(
  db: DuckDb, chosen: string, columns: readonly SnapshotColumn[], known: ReadonlyMap<string, ColumnStatistics>, label: LabelChoice,
): Promise<Pick<LabelRelations, 'measure' | 'power'>> {
  const targets = targetsOf(known.get(label.column), label);
  const measure = targets.length === 1 && targets[0]?.isNumber ? 'r2' : 'auc';
  const features = columns.filter(({ name }) => name !== label.column && !isConstant(known.get(name)));
  const power: { column: string; value: number }[] = [];
  for (let from = 0; from < features.length; from += columnsPerQuery) {
    const batch = features.slice(from, from + columnsPerQuery);
    const found = await binnedLabels(db, chosen, batch, known, label.column, targets);
    batch.forEach(({ name: column }, i) => {
      const value = judged(found.get(i) ?? [], targets, measure);
      if (value !== undefined) power.push({ column, value });
    });
  }
  return { measure, power: power.toSorted((a, b) => b.value - a.value) };
}

/** By the place of the column: the labels of each of its bins, in each half of the rows. */
async function binnedLabels(
  db: DuckDb, chosen: string, columns: readonly SnapshotColumn[], known: ReadonlyMap<string, ColumnStatistics>, label: string, targets: readonly Target[],
): Promise<ReadonlyMap<number, readonly Row[]>> {
  if (columns.length === 0) return new Map();
  const bins = await binsOf(db, chosen, columns, known);
  const sums = targets.flatMap((_, i) => [`sum(y${i}) AS s${i}`, `sum(y${i} * y${i}) AS q${i}`]).join(', ');
  const binned = columns.map(({ name }, i) => `${bins.get(name)} AS b${i}`).join(', ');
  const rows = await db.rows(`WITH labelled AS MATERIALIZED (
      SELECT ${binned}, CAST(hash(${rowNumber}) % 2 AS INTEGER) AS half, ${targets.map(({ sql }, i) => `${sql} AS y${i}`).join(', ')} FROM ${chosen} WHERE ${identifier(label)} IS NOT NULL)
    ${columns.map((_, i) => `SELECT ${i} AS i, b${i} AS bin, half, CAST(count(*) AS DOUBLE) AS n, ${sums} FROM labelled WHERE y0 IS NOT NULL GROUP BY bin, half`).join(' UNION ALL ')}
    ORDER BY i, bin, half`);
  return Map.groupBy(rows, (row) => Number(row['i']));
}

interface Target {
  readonly sql: string;
  readonly isNumber: boolean;
}

/** That a value is missing may tell something, too. */
const isConstant = (column: ColumnStatistics | undefined) => column === undefined || (column.distinct < 2 && column.missing === 0);

/** A number, one class, or each of several against all others. */
function targetsOf(label: ColumnStatistics | undefined, { column, above }: LabelChoice): readonly Target[] {
  const name = identifier(column);
  const of = (condition: string): Target => ({ sql: `CAST(${condition} AS DOUBLE)`, isNumber: false });
  if (above !== undefined) return [of(`${name} > ${double(above)}`)];
  if (!label || label.type === 'boolean') return [of(name)];
  const { numeric, distinct } = label;
  if (numeric && distinct === 2) return [of(`${name} > ${double(numeric.minimum)}`)];
  if (numeric && (label.type === 'float' || distinct > mostCodes)) return [numberTarget(name, numeric)];
  const classes = label.top?.map(({ value }) => value) ?? integersBetween(label);
  return classes.slice(0, classes.length === 2 ? 1 : mostClasses).map((value) => of(`CAST(${name} AS VARCHAR) = ${literal(value)}`));
}

/** In units of the largest, so that no square overflows. */
function numberTarget(name: string, { minimum, maximum }: NumericStatistics): Target {
  const number = `CAST(${name} AS DOUBLE)`;
  const unit = Math.max(Math.abs(minimum), Math.abs(maximum)) || 1;
  return { sql: `CASE WHEN isfinite(${number}) THEN ${number} / ${double(unit)} END`, isNumber: true };
}

const integersBetween = ({ numeric }: ColumnStatistics): readonly string[] => {
  const [from, until] = [numeric?.minimum ?? 0, numeric?.maximum ?? 0];
  return Array.from({ length: Math.min(until - from + 1, mostCodes) }, (_, i) => String(from + i));
};

/** By name, the SQL of a column's bins: of numbers by their quantiles, unless they are few; NULL is a bin of its own. */
async function binsOf(db: DuckDb, chosen: string, columns: readonly SnapshotColumn[], known: ReadonlyMap<string, ColumnStatistics>): Promise<ReadonlyMap<string, string>> {
  const distinct = ({ name }: SnapshotColumn) => known.get(name)?.distinct ?? 0;
  const isRanked = (column: SnapshotColumn) => column.type !== 'VARCHAR' && column.type !== 'BOOLEAN' && distinct(column) > numberBins;
  const edges = await quantileEdges(db, chosen, columns.filter(isRanked));
  return new Map(columns.map((column) => [column.name, isRanked(column) ? binsBetween(column, edges.get(column.name) ?? []) : binsOfValues(column, distinct(column))]));
}

const binsOfValues = ({ name }: SnapshotColumn, distinct: number) =>
  distinct <= categoryBins ? `hash(${identifier(name)})` : `hash(${identifier(name)}) % ${categoryBins}`;

function binsBetween(column: SnapshotColumn, edges: readonly number[]): string {
  const above = edges.map((edge) => `CAST(${asNumber(column)} > ${double(edge)} AS INTEGER)`);
  return above.length === 0 ? `CAST(${identifier(column.name)} IS NULL AS UBIGINT)` : `CAST(${above.join(' + ')} AS UBIGINT)`;
}

const ranks = Array.from({ length: numberBins - 1 }, (_, i) => (i + 1) / numberBins);

async function quantileEdges(db: DuckDb, chosen: string, columns: readonly SnapshotColumn[]): Promise<ReadonlyMap<string, readonly number[]>> {
  if (columns.length === 0) return new Map();
  const lists = columns.map((column, i) => `quantile_disc(${asFinite(column)}, [${ranks.join(', ')}]) AS q${i}`);
  const rows = await db.rows(`SELECT i, edge FROM (SELECT ${lists.join(', ')} FROM ${chosen}), LATERAL (${columns.map((_, i) => `SELECT DISTINCT ${i} AS i, unnest(q${i}) AS edge`).join(' UNION ALL ')}) WHERE edge IS NOT NULL ORDER BY i, edge`);
  const byColumn = Map.groupBy(rows, (row) => Number(row['i']));
  return new Map(columns.map(({ name }, i) => [name, (byColumn.get(i) ?? []).map((row) => Number(row['edge']))]));
}

function judged(rows: readonly Row[], targets: readonly Target[], measure: LabelRelations['measure']): number | undefined {
  const total = rows.reduce((sum, row) => sum + Number(row['n']), 0);
  const byBin = [...Map.groupBy(rows, (row) => row['bin']).values()];
  const values = targets.map((_, i) => {
    const bins = byBin.map((halves): FeatureBin => ({ halves: [sumsOf(halves, 0, i), sumsOf(halves, 1, i)] }));
    const share = rows.reduce((sum, row) => sum + Number(row[`s${i}`]), 0) / total;
    return { value: measure === 'r2' ? binnedR2(bins) : binnedAuc(bins), share: measure === 'r2' ? 1 : share };
  });
  const defined = values.flatMap(({ value, share }) => (value === undefined ? [] : [{ value, share }]));
  const weight = defined.reduce((sum, { share }) => sum + share, 0);
  return weight > 0 ? Number((defined.reduce((sum, { value, share }) => sum + value * share, 0) / weight).toFixed(9)) : undefined;
}

function sumsOf(halves: readonly Row[], half: number, target: number): BinSums {
  const row = halves.find((candidate) => Number(candidate['half']) === half);
  return { rows: Number(row?.['n'] ?? 0), sum: Number(row?.[`s${target}`] ?? 0), squares: Number(row?.[`q${target}`] ?? 0) };
}
