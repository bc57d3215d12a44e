import { coarserBins, equalWidthBins, type ColumnStatistics, type ComparisonBins } from '@refit/data-validation';

/** A column's numbers as bars of equal width; shares of its finite numbers. */
export interface ColumnBars {
  readonly from: number;
  readonly until: number;
  readonly shares: readonly number[];
  /** Outside of the bars. */
  readonly below: number;
  readonly above: number;
}

export interface BarRange {
  readonly from: number;
  readonly until: number;
  readonly bars: number;
}

/** Of times, which are shown from the first to the last. */
const timeBars = [50, 25, 20, 10];

/** Where most of a column's numbers lie, between the .1 and 99.9 percentiles; each bar has equally many whole numbers. Undefined without numbers. */
export function barRange({ type, numeric }: ColumnStatistics, bars: number): BarRange | undefined {
  if (!numeric) return undefined;
  if (type === 'timestamp') return { from: numeric.minimum, until: numeric.maximum, bars: timeBars.find((fitting) => fitting <= bars + 2) ?? 1 };
  const { edges = [] } = numeric.comparison ?? {};
  const [low, high] = [Math.max(edges[0] ?? numeric.minimum, numeric.minimum), Math.min(edges.at(-1) ?? numeric.maximum, numeric.maximum)];
  if (type !== 'integer' || high - low > bars * 20) return { from: low, until: high > low ? high : low + 1, bars };
  const [first, last] = [Math.floor(low), Math.ceil(high)];
  const width = Math.ceil((last - first + 1) / bars);
  const needed = Math.ceil((last - first + 1) / width);
  return { from: first - 0.5, until: first - 0.5 + needed * width, bars: needed };
}

/** As the percentiles tell: within one, numbers are taken to lie evenly. */
export function columnBars({ type, numeric }: ColumnStatistics, { from, until, bars }: BarRange): ColumnBars | undefined {
  if (type === 'timestamp') return numeric?.equalWidth?.length === equalWidthBins ? { from, until, shares: sharesOf(coarserBins(numeric.equalWidth, bars)), below: 0, above: 0 } : undefined;
  if (!numeric?.comparison) return undefined;
  const shareUpTo = distribution(numeric.comparison, numeric.minimum, numeric.maximum);
  const edges = Array.from({ length: bars + 1 }, (_, i) => from + ((until - from) * i) / bars);
  const upTo = edges.map((edge, i) => shareUpTo(i === bars ? until : edge));
  // A number at the very beginning is in the first bar.
  const below = from <= numeric.minimum ? 0 : shareBelow(shareUpTo, from);
  upTo[0] = below;
  return { from, until, shares: upTo.slice(1).map((share, i) => Math.max(share - (upTo[i] ?? 0), 0)), below, above: Math.max(1 - (upTo.at(-1) ?? 1), 0) };
}

function sharesOf(counts: readonly number[]): number[] {
  const total = counts.reduce((sum, count) => sum + count, 0);
  return counts.map((count) => count / Math.max(total, 1));
}

const shareBelow = (shareUpTo: (value: number) => number, value: number) => shareUpTo(value - Math.abs(value) * Number.EPSILON * 4 - Number.MIN_VALUE);

/** The share of the numbers that are at most a value. */
function distribution({ edges, counts }: ComparisonBins, minimum: number, maximum: number): (value: number) => number {
  const total = counts.reduce((sum, count) => sum + count, 0);
  const ends = counts.map((_, i) => Math.min(Math.max(edges[i] ?? maximum, minimum), maximum));
  const upTo: number[] = [];
  counts.forEach((count, i) => upTo.push((upTo[i - 1] ?? 0) + count / total));
  return (value) => {
    if (value < minimum) return 0;
    if (value >= maximum) return 1;
    const bin = ends.findIndex((end) => end > value);
    const [start, end] = [bin === 0 ? minimum : (ends[bin - 1] ?? minimum), ends[bin] ?? maximum];
    const before = upTo[bin - 1] ?? 0;
    return before + ((upTo[bin] ?? 1) - before) * (end > start ? (value - start) / (end - start) : 1);
  };
}
