import { number, percent } from '../wording.js';
import type { ColumnPair } from './column-counts.js';

/** What a person would see of the difference: the quantile that moved most, or the category; and the missing values. */
export function describeShift(pair: ColumnPair): string {
  return [quantileShift(pair) ?? categoryShift(pair), missingShift(pair)].filter((part) => part !== undefined).join(', ');
}

const quantileNames = ['5th percentile', '1st quartile', 'median', '3rd quartile', '95th percentile'];

function quantileShift({ reference, sample }: ColumnPair): string | undefined {
  const [before, now] = [reference.numeric?.quantiles, sample.numeric?.quantiles];
  if (!before || !now) return undefined;
  const distance = (i: number) => Math.abs((now[i] ?? 0) - (before[i] ?? 0));
  const [moved] = [2, 1, 3, 0, 4].toSorted((a, b) => distance(b) - distance(a)); // the median first among equals
  if (moved === undefined || distance(moved) === 0) return undefined;
  return [...new Set([2, moved])].map((i) => `${quantileNames[i]} ${number(before[i] ?? Number.NaN)} → ${number(now[i] ?? Number.NaN)}`).join(', ');
}

function categoryShift({ reference, sample, referenceRows, sampleRows }: ColumnPair): string | undefined {
  const [present, presentBefore] = [sampleRows - sample.missing, referenceRows - reference.missing];
  if (!reference.top || !sample.ofReferenceTop || present <= 0 || presentBefore <= 0) return undefined;
  const shares = reference.top.map(({ value, count }, i) => ({ value, before: count / presentBefore, now: (sample.ofReferenceTop?.[i] ?? 0) / present }));
  const [moved] = shares.toSorted((a, b) => Math.abs(b.now - b.before) - Math.abs(a.now - a.before));
  return moved && moved.now !== moved.before ? `"${moved.value.slice(0, 40)}" ${percent(moved.before)} → ${percent(moved.now)}` : undefined;
}

function missingShift({ reference, sample, referenceRows, sampleRows }: ColumnPair): string | undefined {
  const [before, now] = [percent(reference.missing / Math.max(referenceRows, 1)), percent(sample.missing / Math.max(sampleRows, 1))];
  return before === now ? undefined : `missing ${before} → ${now}`;
}
