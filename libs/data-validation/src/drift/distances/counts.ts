/** How many rows of the reference and of the sample each bin holds; the same bins for both. */
export interface PairedCounts {
  readonly reference: readonly number[];
  readonly sample: readonly number[];
  /** The last bin is of everything that has none of its own. */
  readonly othersLast?: boolean;
}

export const total = (counts: readonly number[]): number => counts.reduce((sum, count) => sum + count, 0);

/** Each bin's share of the reference and of the sample; undefined when either side has no rows. */
export function shares({ reference, sample }: PairedCounts): readonly (readonly [number, number])[] | undefined {
  const [m, n] = [total(reference), total(sample)];
  return m > 0 && n > 0 ? reference.map((count, i) => [count / m, (sample[i] ?? 0) / n] as const) : undefined;
}

/** In both samples together so rare that fewer are expected on the smaller side. */
const fewestExpected = 5;

/**
 * Bins that expect fewer than five rows on the smaller side share one with all others: χ² and the stability index say
 * little about so few, and their null distributions do not hold there. Which bins these are depends on both sides alike,
 * so that choosing them favours neither. Others never stand alone, or what only the sample has would be set apart from
 * what only the reference has.
 */
export function poolRare({ reference, sample, othersLast = false }: PairedCounts): PairedCounts {
  const [m, n] = [total(reference), total(sample)];
  const expected = (i: number) => (((reference[i] ?? 0) + (sample[i] ?? 0)) * Math.min(m, n)) / Math.max(m + n, 1);
  const standsAlone = (i: number) => expected(i) >= fewestExpected && !(othersLast && i === reference.length - 1);
  const common = reference.flatMap((_, i) => (standsAlone(i) ? [i] : []));
  const kept = { reference: common.map((i) => reference[i] ?? 0), sample: common.map((i) => sample[i] ?? 0) };
  const [restM, restN] = [m - total(kept.reference), n - total(kept.sample)];
  if (restM + restN === 0) return kept;
  return { reference: [...kept.reference, restM], sample: [...kept.sample, restN] };
}
