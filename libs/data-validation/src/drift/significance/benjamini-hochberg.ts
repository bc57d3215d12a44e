/**
 * The largest p-value that counts as a discovery when, of all discoveries, at most the share `rate` may be false
 * (Y. Benjamini and Y. Hochberg, "Controlling the false discovery rate", JRSS B 57, 1995): p ≤ rate · rank / tests for
 * the largest such rank. Without a discovery it is rate / tests.
 */
export function discoveryThreshold(pValues: readonly number[], rate: number): number {
  const ascending = pValues.toSorted((a, b) => a - b);
  const discoveries = ascending.findLastIndex((p, i) => p <= (rate * (i + 1)) / ascending.length) + 1;
  return (rate * Math.max(discoveries, 1)) / Math.max(ascending.length, 1);
}
