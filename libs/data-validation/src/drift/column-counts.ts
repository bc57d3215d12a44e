import { nextBelow } from '../next-below.js';
import type { ColumnStatistics, ComparisonBins, NumericStatistics } from '../statistics.js';
import { total, type PairedCounts } from './distances/counts.js';
import type { DistributionDistances } from './distances/exact-distances.js';

/** One column of the reference and of what is compared with it. */
export interface ColumnPair {
  readonly column: string;
  readonly reference: ColumnStatistics;
  readonly sample: ColumnStatistics;
  readonly referenceRows: number;
  readonly sampleRows: number;
  /** Values that the schema allows, where it lists them: others are judged as unseen, not as drift. */
  readonly domain: readonly string[];
  /** From the rows themselves, Wasserstein winsorised at the outermost comparison edges; absent: the statistics have to do. */
  readonly exact?: DistributionDistances;
}

/**
 * Rows of both sides over the same bins: between the reference's deciles, or its most frequent categories and one bin for
 * all others. Undefined when the statistics have no bins in common.
 */
export function columnCounts(pair: ColumnPair): PairedCounts | undefined {
  const { reference, sample } = pair;
  if (reference.top && sample.ofReferenceTop?.length === reference.top.length) return categoryCounts(pair, sample.ofReferenceTop);
  const [before, now] = [reference.numeric, sample.numeric];
  if (!before || !now || !sameEdges(before.histogram, now.histogram)) return undefined;
  return setValuesApart(before, now) ?? { reference: before.histogram.counts, sample: now.histogram.counts };
}

const sameEdges = ({ edges }: Pick<ComparisonBins, 'edges'>, { edges: others }: Pick<ComparisonBins, 'edges'>) =>
  edges.length === others.length && edges.every((edge, i) => edge === others[i]);

/** What one value alone must have of the reference to be set apart. */
const tenth = 0.1;

/**
 * Between deciles, where a value that alone has a tenth of the reference has a bin of its own: what lies just below such
 * a value, which may be the smallest there was, would else hide in its bin. Undefined when the deciles are not among the
 * edges of the comparison bins.
 */
function setValuesApart({ comparison: before, histogram }: NumericStatistics, { comparison: now }: NumericStatistics): PairedCounts | undefined {
  if (!before || !now || !sameEdges(before, now)) return undefined;
  const deciles = histogram.edges.map((edge) => before.edges.indexOf(edge));
  if (deciles.includes(-1)) return undefined;
  const enough = total(before.counts) * tenth;
  const cuts = deciles.flatMap((i) => (i > 0 && isValueAlone(before, i) && (before.counts[i] ?? 0) >= enough ? [i - 1, i] : [i]));
  const distinct = [...new Set(cuts)];
  const between = (counts: readonly number[]) => [...distinct, counts.length - 1].map((cut, i) => total(counts.slice((distinct[i - 1] ?? -1) + 1, cut + 1)));
  return { reference: between(before.counts), sample: between(now.counts) };
}

/** Whether bin i holds one value only. */
const isValueAlone = ({ edges }: ComparisonBins, i: number) => nextBelow(edges[i] ?? Number.NaN) === edges[i - 1];

function categoryCounts({ reference, sample, referenceRows, sampleRows }: ColumnPair, ofReferenceTop: readonly number[]): PairedCounts {
  const { top = [] } = reference;
  const stands = standsOut(reference);
  const listed = top.flatMap(({ count }, i) => (stands(count) ? [i] : []));
  const kept = { reference: listed.map((i) => top[i]?.count ?? 0), sample: listed.map((i) => ofReferenceTop[i] ?? 0) };
  const others = [referenceRows - reference.missing - total(kept.reference), sampleRows - sample.missing - total(kept.sample)] as const;
  return { reference: [...kept.reference, others[0]], sample: [...kept.sample, others[1]], othersLast: true };
}

/** Whether `top` holds every value that the column has. */
export const listsAllCategories = ({ top = [], topAbove, distinct, distinctError }: ColumnStatistics): boolean =>
  top.length >= distinct && topAbove === undefined && distinctError === undefined;

/**
 * Where not all categories are listed, the least frequent of the list are there by luck, and will be rarer in any other
 * sample: only those count that would be listed again, as their count lies four standard errors above the list's last.
 */
function standsOut(reference: ColumnStatistics): (count: number) => boolean {
  if (listsAllCategories(reference)) return () => true;
  const { top = [] } = reference;
  const last = top.at(-1)?.count ?? 0;
  return (count) => count - 4 * Math.sqrt(count) > last;
}
