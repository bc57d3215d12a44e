/**
 * The candidate that was most likely meant: the nearest by edit distance, if at most a third of the word is wrong; the
 * beginning of a candidate counts as one letter wrong.
 * Case and the separators between words count for nothing.
 */
export function nearest(word: string, candidates: Iterable<string>): string | undefined {
  const plain = normalize(word);
  let best: string | undefined;
  let least = Math.max(1, Math.floor(plain.length / 3)) + 1;
  for (const candidate of candidates) {
    const other = normalize(candidate);
    const distance = plain.length >= 3 && other !== plain && other.startsWith(plain) ? 1 : editDistance(plain, other);
    if (distance < least) [best, least] = [candidate, distance];
  }
  return best;
}

/** ` Did you mean "label"?`, or nothing. */
export function didYouMean(word: unknown, candidates: Iterable<string>): string {
  const meant = typeof word === 'string' ? nearest(word, candidates) : undefined;
  return meant === undefined ? '' : ` Did you mean "${meant}"?`;
}

/** All candidates, those most like the word first. */
export function nearestFirst(word: string, candidates: readonly string[]): readonly string[] {
  const plain = normalize(word);
  const distances = new Map(candidates.map((candidate) => [candidate, editDistance(plain, normalize(candidate))]));
  return candidates.toSorted((a, b) => (distances.get(a) ?? 0) - (distances.get(b) ?? 0));
}

/** Long words are cut: what is compared comes from a file that may hold anything. */
const normalize = (word: string) => word.slice(0, 64).toLowerCase().replaceAll(/[\s_-]/g, '');

/** Optimal string alignment distance: insertions, deletions, substitutions and swaps of neighbours count 1 (Damerau 1964). */
function editDistance(a: string, b: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const substituted = (last[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1] ? (beforeLast[j - 2] ?? 0) + 1 : Infinity;
      row[j] = Math.min(substituted, swapped, (last[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1);
    }
    [beforeLast, last] = [last, row];
  }
  return last[b.length] ?? 0;
}
