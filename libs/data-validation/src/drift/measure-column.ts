import { chanceLimit, populationStabilityIndex } from '../population-stability-index.js';
import { columnCounts, listsAllCategories, type ColumnPair } from './column-counts.js';
import type { ColumnDrift, DriftMeasureName, Measurement } from './column-drift.js';
import { describeShift } from './describe-shift.js';
import { chiSquareTest, hellingerDistance, jensenShannonDivergence, lInfinityDistance, normalizedAbsoluteDifference } from './distances/bin-distances.js';
import { poolRare, total, type PairedCounts } from './distances/counts.js';
import { equalWidthHistogram } from './distances/equal-width-histogram.js';
import { histogramDivergence } from './distances/histogram-divergence.js';
import { summaryDistances } from './distances/summary-distances.js';
import { percentileLimits, winsorisedMoments } from './distances/winsorised-moments.js';
import { robustScale } from './robust-scale.js';
import { kolmogorovSmirnovTest } from './significance/kolmogorov.js';
import { twoProportionTest } from './significance/two-proportions.js';
import { welchTest } from './significance/welch.js';

/**
 * Everything that can be said of how far a column has moved from the reference. What cannot be computed, as one side has
 * no values or the statistics have no bins in common, is left out.
 */
export function measureColumn(pair: ColumnPair): ColumnDrift {
  const { column, reference, sample, referenceRows, sampleRows } = pair;
  const counts = columnCounts(pair);
  const measurements = [...ofNumbers(pair), ...(counts ? [...ofBins(counts, pair.domain), ...withMissing(pair, counts)] : []), ...ofHistograms(pair, counts), missing(pair), ...newCategories(pair)];
  const tests = measurements.flatMap(({ name, pValue }) => (pValue !== undefined && isTest(name) ? [pValue] : []));
  return {
    column, sampleRows, referenceRows, values: sampleRows - sample.missing, referenceValues: referenceRows - reference.missing,
    measurements, pValue: tests.length === 0 ? 1 : Math.min(1, tests.length * Math.min(...tests)), seen: describeShift(pair),
  };
}

/**
 * Of the values. χ² over the bins stands for the stability index too, which has the same distribution by chance, but
 * strays from it where bins expect few rows. Missing values and unseen categories are judged by themselves.
 */
const isTest = (name: DriftMeasureName) => name === 'chi-square' || name === 'kolmogorov-smirnov' || name === 'mean-difference';

function ofBins(counts: PairedCounts, domain: readonly string[]): readonly Measurement[] {
  const { statistic, pValue } = chiSquareTest(poolRare(counts));
  const known = poolRare(domain.length > 0 ? withoutOthers(counts) : counts);
  const psi = populationStabilityIndex(known.reference, known.sample);
  if (psi === undefined) return [];
  return [
    { name: 'psi', value: psi, chanceLimit: chanceLimit(known.reference, known.sample) },
    { name: 'chi-square', value: statistic, pValue },
  ];
}

/**
 * Where the schema lists the categories, what lies outside is judged as unseen, and would weigh far more in the stability
 * index, against a bin that the reference has nothing in.
 */
const withoutOthers = ({ reference, sample, othersLast = false }: PairedCounts): PairedCounts =>
  othersLast ? { reference: reference.slice(0, -1), sample: sample.slice(0, -1) } : { reference, sample };

/** Over the bins and two more, for missing values and for numbers that are not finite. */
function withMissing({ reference, sample }: ColumnPair, counts: PairedCounts): readonly Measurement[] {
  const all = {
    reference: [...counts.reference, reference.missing, reference.nonFinite],
    sample: [...counts.sample, sample.missing, sample.nonFinite],
  };
  const distances = {
    'jensen-shannon': jensenShannonDivergence(all), hellinger: hellingerDistance(all), 'l-infinity': lInfinityDistance(all),
    'normalized-absolute-difference': normalizedAbsoluteDifference(all),
  };
  // Object.entries forgets the names of its keys
  return (Object.entries(distances) as [DriftMeasureName, number | undefined][]).flatMap(([name, value]) => (value === undefined ? [] : [{ name, value }]));
}

/** TFDV's: of numbers over histograms of each side's own, of categories over their counts, both without missing values. */
function ofHistograms({ reference, sample }: ColumnPair, counts: PairedCounts | undefined): readonly Measurement[] {
  const [before, now] = [equalWidthHistogram(reference), equalWidthHistogram(sample)];
  const value = before && now ? histogramDivergence(before, now) : reference.numeric || sample.numeric || !counts ? undefined : jensenShannonDivergence(counts);
  return value === undefined ? [] : [{ name: 'histogram-jensen-shannon', value }];
}

/** All but Kolmogorov–Smirnov of winsorised values, in standard deviations of the reference. */
function ofNumbers({ reference, sample, exact }: ColumnPair): readonly Measurement[] {
  const [before, now] = [reference.numeric, sample.numeric];
  if (!before?.comparison || !now?.comparison) return [];
  const distances = exact ? { ...exact, kolmogorovSmirnovError: 0, wassersteinError: 0 } : summaryDistances(before.comparison, now.comparison);
  if (!distances) return [];
  const { kolmogorovSmirnov, kolmogorovSmirnovError, wasserstein, wassersteinError } = distances;
  const limits = percentileLimits(before.comparison);
  const [momentsBefore, moments] = [winsorisedMoments(before.comparison, limits), winsorisedMoments(now.comparison, limits)];
  const scale = robustScale(before);
  return [
    ...(scale > 0 ? [
      { name: 'wasserstein', value: wasserstein / scale, error: wassersteinError / scale } as const,
      { name: 'mean-difference', value: (moments.mean - momentsBefore.mean) / scale, pValue: welchTest(moments, momentsBefore) } as const,
    ] : []),
    {
      name: 'kolmogorov-smirnov', value: kolmogorovSmirnov, error: kolmogorovSmirnovError,
      pValue: kolmogorovSmirnovTest(kolmogorovSmirnov, moments.rows, momentsBefore.rows),
    },
  ];
}

/** How much larger the share of missing values is than the reference's; negative: smaller. */
function missing({ reference, sample, referenceRows, sampleRows }: ColumnPair): Measurement {
  const [before, now] = [{ count: reference.missing, of: referenceRows }, { count: sample.missing, of: sampleRows }];
  return { name: 'missing', value: sample.missing / Math.max(sampleRows, 1) - reference.missing / Math.max(referenceRows, 1), pValue: twoProportionTest(before, now) };
}

/** Share of values in categories that the reference never showed, where its categories are all known. */
function newCategories({ reference, sample, referenceRows, sampleRows }: ColumnPair): readonly Measurement[] {
  const [present, presentBefore] = [sampleRows - sample.missing, referenceRows - reference.missing];
  if (!listsAllCategories(reference) || !sample.ofReferenceTop || present === 0 || presentBefore === 0) return [];
  const unseen = present - total(sample.ofReferenceTop);
  return [{ name: 'new-categories', value: unseen / present, pValue: twoProportionTest({ count: 0, of: presentBefore }, { count: unseen, of: present }) }];
}
