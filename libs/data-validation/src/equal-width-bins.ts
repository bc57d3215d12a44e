import { nextBelow } from './next-below.js';

/** How many bins `NumericStatistics.equalWidth` has. */
export const equalWidthBins = 100;

/** The smallest number of full precision: steps below it would add up to something else than the width. */
const smallestNormal = 2 ** -1022;

/**
 * The edges between bins of equal width over a range, its ends left out, to the bit as numpy.linspace has them (which has
 * none where the width is no finite number, and too rough ones where it is hardly above 0). An edge belongs to the bin above it.
 */
export function equalWidthEdges(minimum: number, maximum: number, bins = equalWidthBins): number[] {
  const width = maximum - minimum;
  const step = width / bins;
  const edge = (i: number) => {
    if (width === Infinity) return minimum * (1 - i / bins) + maximum * (i / bins);
    return minimum + (step < smallestNormal ? (i / bins) * width : i * step);
  };
  return Array.from({ length: bins - 1 }, (_, i) => edge(i + 1));
}

/** The largest number in each bin but the last, which ends with the maximum. */
export const equalWidthEnds = (minimum: number, maximum: number): number[] => equalWidthEdges(minimum, maximum).map(nextBelow);

/** Neighbouring bins together, so that as many remain; their number must divide that of the bins. */
export function coarserBins(counts: readonly number[], bins: number): number[] {
  const together = counts.length / bins;
  return Array.from({ length: bins }, (_, i) => counts.slice(i * together, (i + 1) * together).reduce((total, count) => total + count, 0));
}
