/** How many bins `NumericStatistics.equalWidth` has. */
export const equalWidthBins = 100;

/** The edges between bins of equal width over a range, its ends left out; an edge belongs to the bin below it. */
export const equalWidthEdges = (minimum: number, maximum: number, bins = equalWidthBins): number[] =>
  Array.from({ length: bins - 1 }, (_, i) => minimum * (1 - (i + 1) / bins) + maximum * ((i + 1) / bins));

/** Neighbouring bins together, so that as many remain; their number must divide that of the bins. */
export function coarserBins(counts: readonly number[], bins: number): number[] {
  const together = counts.length / bins;
  return Array.from({ length: bins }, (_, i) => counts.slice(i * together, (i + 1) * together).reduce((total, count) => total + count, 0));
}
