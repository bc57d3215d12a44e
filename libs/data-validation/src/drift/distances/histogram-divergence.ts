import { jensenShannonDivergence } from './bin-distances.js';

/** A histogram as TFDV has it: buckets in ascending order that may touch, have no width, or reach to infinity. */
export interface Histogram {
  readonly buckets: readonly Bucket[];
  readonly nan?: number;
}

export interface Bucket {
  readonly low: number;
  readonly high: number;
  readonly count: number;
}

/**
 * Jensen–Shannon divergence (bits) of two histograms with buckets of their own, as TFDV (1.x) computes it for numeric
 * features. Both are cut at the edges of either, the rows of a bucket in proportion to the width of its parts. A bucket
 * without width is compared with the one at the same value. What is infinite or NaN shares a bucket with nothing on the
 * other side, so that it always counts as a difference (where the edges of the two differ, TFDV itself forgets NaN).
 * Undefined when either side has no rows.
 */
export function histogramDivergence(reference: Histogram, sample: Histogram): number | undefined {
  const [p, q] = [sortOut(reference), sortOut(sample)];
  const edges = [...new Set([...p.wide, ...q.wide].flatMap(({ low, high }) => [low, high]))].sort((a, b) => a - b);
  const points = [...new Set([...p.points.keys(), ...q.points.keys()])];
  const onBoth = (side: ReturnType<typeof sortOut>) => [...cut(side.wide, edges), ...points.map((value) => side.points.get(value) ?? 0)];
  return jensenShannonDivergence({
    reference: [...onBoth(p), p.infinite, 0, p.nan, 0],
    sample: [...onBoth(q), 0, q.infinite, 0, q.nan],
  });
}

function sortOut({ buckets, nan = 0 }: Histogram) {
  const points = new Map<number, number>();
  const wide: Bucket[] = [];
  let infinite = 0;
  for (const bucket of buckets) {
    const { low, high, count } = bucket;
    if (!Number.isFinite(low) || !Number.isFinite(high)) infinite += count;
    else if (low === high) points.set(low, (points.get(low) ?? 0) + count);
    else wide.push(bucket);
  }
  return { wide, points, infinite, nan };
}

/** The rows between each two neighbouring edges. */
function cut(buckets: readonly Bucket[], edges: readonly number[]): number[] {
  const counts = Array.from({ length: Math.max(edges.length - 1, 0) }, () => 0);
  for (const { low, high, count } of buckets) {
    for (let i = edges.indexOf(low); i < edges.indexOf(high); i++) {
      counts[i] = (counts[i] ?? 0) + (count * ((edges[i + 1] ?? high) - (edges[i] ?? low))) / (high - low);
    }
  }
  return counts;
}
