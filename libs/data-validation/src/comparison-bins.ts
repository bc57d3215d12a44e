import { nextBelow } from './next-below.js';

/** Percentiles, finer towards both ends: .001, .0025, .005, .01, .02, … .99, .995, .9975, .999. */
export const comparisonProbabilities: readonly number[] = [
  0.001, 0.0025, 0.005, ...Array.from({ length: 99 }, (_, i) => (i + 1) / 100), 0.995, 0.9975, 0.999,
];

/**
 * The edges that a reference's quantiles at `comparisonProbabilities` give: each once, and before one that several of
 * them share, as many rows have that value, the largest number below it: then that value has a bin of its own, and what
 * lies between it and the edge before cannot hide in it.
 */
export function comparisonEdges(quantiles: readonly number[]): number[] {
  const edges: number[] = [];
  quantiles.forEach((value, i) => {
    if (value === quantiles[i - 1]) return;
    const below = nextBelow(value);
    if (value === quantiles[i + 1] && below !== edges.at(-1)) edges.push(below);
    edges.push(value);
  });
  return edges;
}
