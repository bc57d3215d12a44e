import { comparisonEdges, comparisonProbabilities, deciles, equalWidthEnds, momentsOf, nextBelow, quantileProbabilities, type ColumnStatistics, type NumericStatistics } from '@refit/data-validation';
import { statisticsType } from '../column-types.js';
import type { DuckDb } from '../duckdb.js';
import { doubles } from '../number-vectors.js';
import { BinnedNumbers } from './binned-numbers.js';
import { asNumber } from './column-sql.js';
import type { StatisticsSource } from './column-task.js';
import type { SpreadColumn } from './divide-columns.js';
import { PartialDistribution } from './partial-distribution.js';
import { WantedValues } from './wanted-values.js';

/**
 * Statistics of number and time columns with many distinct values, from two readings of all of them: the first counts
 * rows in fine bins, the second gets the values of those few bins that quantiles lie in. So nothing that is kept grows
 * with the rows, and only the edges of bins without a reference depend on a sample; what is counted over them does not.
 */
export async function spreadNumbers(db: DuckDb, { relation, rows }: StatisticsSource, columns: readonly SpreadColumn[]): Promise<readonly ColumnStatistics[]> {
  const plans = columns.flatMap((column) => plan(column) ?? []);
  await eachNumber(db, relation, plans, ({ bins }, values, rows) => bins.add(values, rows));
  const distributions = await resolveQuantiles(db, relation, plans);
  return columns.map((column) => {
    const planned = plans.find(({ of }) => of === column);
    const distribution = planned && distributions.get(planned);
    return columnStatistics(column, rows, planned && distribution && numericStatistics(planned, distribution));
  });
}

interface Plan {
  readonly of: SpreadColumn;
  readonly minimum: number;
  readonly maximum: number;
  readonly mode: number | undefined;
  readonly comparison: readonly number[];
  readonly edges: readonly number[];
  readonly bins: BinnedNumbers;
}

const fineBins = 512;

const orderStatistic = (sorted: Float64Array, p: number) => sorted[Math.floor((sorted.length - 1) * p)] ?? 0;

/** Every number that rows are to be counted up to is an edge. Undefined without a finite number. */
function plan(of: SpreadColumn): Plan | undefined {
  const { scanned: { minimum, maximum }, sampled, reference, range } = of;
  if (minimum === undefined || maximum === undefined) return undefined;
  const comparison = reference?.numeric?.comparison?.edges ?? comparisonEdges(comparisonProbabilities.map((p) => orderStatistic(sampled.sorted, p)));
  const mode = sampled.frequent.map(Number).find(Number.isFinite);
  const fine = comparisonEdges(Array.from({ length: fineBins - 1 }, (_, i) => orderStatistic(sampled.sorted, (i + 1) / fineBins)));
  const wanted = [
    ...fine, ...comparison, ...equalWidthEnds(minimum, maximum), ...(reference?.numeric?.histogram.edges ?? []),
    ...(range ? [nextBelow(range.minimum), range.maximum] : []), ...(mode === undefined ? [] : [nextBelow(mode), mode]),
  ];
  const edges = [...Float64Array.from(new Set(wanted.filter(Number.isFinite))).sort()];
  const typical = orderStatistic(sampled.sorted, 0.5);
  const exponent = Math.ceil(Math.log2(Math.max(maximum / 2 - typical / 2, typical / 2 - minimum / 2))) + 2;
  const unit = 2 ** Math.min(Math.max(exponent, -1000), 1023);
  return { of, minimum, maximum, mode, comparison, edges, bins: new BinnedNumbers(edges, typical, unit) };
}

/** In the order of the rows, in chunks; NaN where there is no value. */
async function eachNumber(db: DuckDb, relation: string, plans: readonly Plan[], take: (plan: Plan, values: Float64Array, rows: number) => void): Promise<void> {
  if (plans.length === 0) return;
  const numbers = plans.map(({ of }) => `coalesce(${asNumber(of.column)}, 'nan')`);
  for await (const chunk of db.chunks(`SELECT ${numbers.join(', ')} FROM ${relation}`)) {
    plans.forEach((plan, i) => take(plan, doubles(chunk, i), chunk.rowCount));
  }
}

async function resolveQuantiles(db: DuckDb, relation: string, plans: readonly Plan[]): Promise<ReadonlyMap<Plan, PartialDistribution>> {
  const distributions = new Map(plans.map((plan) => [plan, new PartialDistribution(plan.edges, plan.bins.counts)]));
  const wanted = new Map([...distributions].map(([plan, distribution]) => [plan, new WantedValues(plan.bins, distribution.binsOf([...quantileProbabilities, ...deciles]))]));
  await eachNumber(db, relation, plans, (plan, values, rows) => wanted.get(plan)?.add(values, rows));
  for (const [plan, distribution] of distributions) distribution.know(wanted.get(plan)?.inBins() ?? new Map());
  return distributions;
}

function numericStatistics({ of, minimum, maximum, mode, comparison, bins }: Plan, distribution: PartialDistribution): NumericStatistics {
  const { reference, range } = of;
  const edges = reference?.numeric?.histogram.edges ?? [...new Set(deciles.map((p) => distribution.quantile(p)))];
  const modeCount = mode === undefined ? 0 : distribution.countUpTo(mode) - distribution.countUpTo(nextBelow(mode));
  return {
    minimum,
    maximum,
    ...momentsOf(bins.powerSums(distribution.rows), distribution.rows),
    zeros: bins.zeros,
    ...(mode !== undefined && { mode: { value: mode, count: modeCount } }),
    quantiles: quantileProbabilities.map((p) => distribution.quantile(p)),
    histogram: { edges, counts: distribution.histogram(edges) },
    equalWidth: distribution.histogram(equalWidthEnds(minimum, maximum)),
    comparison: { edges: comparison, counts: distribution.histogram(comparison), means: meansBetween(comparison, distribution.edges, bins) },
    ...(range && {
      outside: { range, below: distribution.countUpTo(nextBelow(range.minimum)), above: distribution.rows - distribution.countUpTo(range.maximum) },
    }),
  };
}

/** Means over bins that are each made of several fine ones. */
function meansBetween(edges: readonly number[], fineEdges: readonly number[], { counts, sums, typical, unit }: BinnedNumbers): number[] {
  const [rows, total] = [new Float64Array(edges.length + 1), new Float64Array(edges.length + 1)];
  let bin = 0;
  counts.forEach((count, i) => {
    while (bin < edges.length && (fineEdges[i] ?? Infinity) > (edges[bin] ?? Infinity)) bin++;
    rows[bin] = (rows[bin] ?? 0) + count;
    total[bin] = (total[bin] ?? 0) + (sums[i] ?? 0);
  });
  return [...rows].map((count, i) => (count === 0 ? 0 : typical + unit * ((total[i] ?? 0) / count)));
}

function columnStatistics({ column, scanned }: SpreadColumn, rows: number, numeric: NumericStatistics | undefined): ColumnStatistics {
  const { present, finite, nan, distinct, distinctError } = scanned;
  return {
    name: column.name, type: statisticsType(column.type), missing: rows - present, nonFinite: present - finite, nan, distinct,
    ...(distinctError > 0 && { distinctError }), ...(numeric && { numeric }),
  };
}
