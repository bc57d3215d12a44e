import { FindingSeverity } from '@refit/contracts';
import { describe, expect, it } from 'vitest';
import { numericStatistics } from '../numeric-statistics.js';
import { populationStabilityIndex } from '../population-stability-index.js';
import type { ColumnStatistics } from '../statistics.js';
import { measured } from './column-drift.js';
import type { ColumnPair } from './column-counts.js';
import { describeDrift } from './describe-drift.js';
import { countValues } from './distances/exact-distances.js';
import { defaultLimits } from './drift-limits.js';
import { judgeColumns } from './judge-columns.js';
import { measureColumn } from './measure-column.js';

type Values = readonly (number | null)[];

function numbers(values: Values, reference?: ColumnStatistics): ColumnStatistics {
  const present = countValues(values.filter((value) => value !== null));
  const numeric = numericStatistics(present, { edges: reference?.numeric?.histogram.edges, comparisonEdges: reference?.numeric?.comparison?.edges });
  return { name: 'x', type: 'float', missing: values.filter((value) => value === null).length, nonFinite: 0, distinct: present.values.length, ...(numeric && { numeric }) };
}

function categories(counts: Readonly<Record<string, number>>, reference?: ColumnStatistics): ColumnStatistics {
  const top = Object.entries(counts).map(([value, count]) => ({ value, count }));
  return { name: 'x', type: 'string', missing: 0, nonFinite: 0, distinct: top.length, top, ...(reference?.top && { ofReferenceTop: reference.top.map(({ value }) => counts[value] ?? 0) }) };
}

const ofNumbers = (before: Values, now: Values, column = 'x') => measureColumn(pair(numbers(before), (reference) => numbers(now, reference), before.length, now.length, column));

function ofCategories(before: Readonly<Record<string, number>>, now: Readonly<Record<string, number>>, domain: readonly string[] = []) {
  const rows = (counts: Readonly<Record<string, number>>) => Object.values(counts).reduce((sum, count) => sum + count, 0);
  return measureColumn({ ...pair(categories(before), (reference) => categories(now, reference), rows(before), rows(now)), domain });
}

const pair = (reference: ColumnStatistics, sample: (reference: ColumnStatistics) => ColumnStatistics, referenceRows: number, sampleRows: number, column = 'x'): ColumnPair =>
  ({ column, reference, sample: sample(reference), referenceRows, sampleRows, domain: [] });

const judge = (...drifts: ReturnType<typeof measureColumn>[]) => judgeColumns(drifts, () => defaultLimits, 300);

/** The same spread of values in another order each time: the quantiles of a normal distribution, near enough. */
const spread = (rows: number, shift = 0) => Array.from({ length: rows }, (_, i) => Math.log((i + 0.5) / (rows - i - 0.5)) + shift);

describe('a column', () => {
  it('that has moved a little in many rows is credible, and not large', () => {
    expect(judge(ofNumbers(spread(50_000), spread(50_000, 0.06)))).toMatchObject([{ verdict: 'steady', credible: true }]);
  });

  it('that has moved far in few rows is large, and not credible', () => {
    const [found] = judge(ofNumbers(spread(300), spread(300, 0.2)));
    expect(measured(found!, 'wasserstein')!.value).toBeGreaterThan(0.1);
    expect(found).toMatchObject({ verdict: 'steady', credible: false });
  });

  it('that has moved far in many rows has moved', () => {
    expect(judge(ofNumbers(spread(5000), spread(5000, 0.4)))).toMatchObject([{ verdict: 'moved', severity: FindingSeverity.WARNING, by: { name: 'wasserstein' } }]);
    expect(judge(ofNumbers(spread(5000), spread(5000, 1.2)))).toMatchObject([{ verdict: 'moved', severity: FindingSeverity.FAILURE, by: { name: 'psi' } }]);
  });

  it('with too few values is not judged, whatever was measured', () => {
    expect(judge(ofNumbers(spread(5000), spread(299, 9)))).toMatchObject([{ verdict: 'insufficient', severity: FindingSeverity.UNSPECIFIED }]);
  });

  it('may lack values, as long as a third of the rows that are needed have one', () => {
    const gaps = (every: number) => spread(300).map((value, i) => (i % every === 0 ? value : null));
    expect(judge(ofNumbers(gaps(2), gaps(2)), ofNumbers(gaps(4), gaps(4)))).toMatchObject([{ verdict: 'steady' }, { verdict: 'insufficient' }]);
  });

  it('without a value on one side cannot be known, which fails', () => {
    expect(judge(ofNumbers(spread(1000), Array.from({ length: 1000 }, () => null)))).toMatchObject([{ verdict: 'unknown', severity: FindingSeverity.FAILURE }]);
  });

  it('moves as far with a value of a million on both sides as without', () => {
    const wild = [...spread(2000), 1e6];
    const [without] = judge(ofNumbers(spread(2000), spread(2000, 0.5)));
    const [found] = judge(ofNumbers(wild, [...spread(2000, 0.5), 1e6]));
    expect(found).toMatchObject({ verdict: 'moved' });
    expect(measured(found!, 'wasserstein')!.value / measured(without!, 'wasserstein')!.value).toBeCloseTo(1, 1);
  });

  it('that is half zeros takes the spread of the others for its scale', () => {
    const zeros = Array.from({ length: 3000 }, () => 0);
    const [found] = judge(ofNumbers([...zeros, ...spread(1000), 1e6], [...zeros, ...spread(1000, 3), 1e6]));
    expect(found).toMatchObject({ verdict: 'moved' });
    expect(measured(found!, 'wasserstein')!.value).toBeLessThan(2);
  });

  it('whose most frequent value became one just beside it has moved', () => {
    const mostly = (value: number) => [...Array.from({ length: 600 }, () => value), ...spread(400, 20)];
    expect(judge(ofNumbers(mostly(0), mostly(-0.5)))).toMatchObject([{ verdict: 'moved', severity: FindingSeverity.FAILURE }]);
    expect(judge(ofNumbers(mostly(0), mostly(-1e-9)))).toMatchObject([{ verdict: 'moved' }]);
  });

  it('that was constant has moved when it is another constant', () => {
    const constant = (value: number) => Array.from({ length: 400 }, () => value);
    expect(judge(ofNumbers(constant(5), constant(3)))).toMatchObject([{ verdict: 'moved', severity: FindingSeverity.FAILURE }]);
    expect(judge(ofNumbers(constant(5), constant(5)))).toMatchObject([{ verdict: 'steady' }]);
  });

  it('says how much is missing as a measurement of its own', () => {
    const gaps = (every: number) => spread(2000).map((value, i) => (i % every === 0 ? null : value));
    const missing = measured(ofNumbers(gaps(20), gaps(10)), 'missing')!;
    expect(missing.value).toBeCloseTo(0.05, 12);
    expect(missing.pValue).toBeLessThan(1e-8);
  });

  it('is told in words that a person understands', () => {
    const [found] = judge(ofNumbers(spread(5000), spread(5000, 1.2)));
    expect(describeDrift(found!)).toMatch(/^PSI 0\.\d{3}, failure at 0\.25 \(by chance up to 0\.0087\), Wasserstein 0\.7\d σ, median -?[\d.e-]+ → 1\.2, /u);
  });
});

describe('categories', () => {
  it('have the stability index of their counts', () => {
    const drift = ofCategories({ a: 500, b: 300, c: 200 }, { a: 400, b: 300, c: 300 }, ['a', 'b', 'c']);
    expect(measured(drift, 'psi')!.value).toBeCloseTo(populationStabilityIndex([500, 300, 200], [400, 300, 300])!, 12);
  });

  it('that were never seen make nothing infinite', () => {
    const drift = ofCategories({ a: 500, b: 500 }, { a: 400, b: 400, new: 200 });
    expect(drift.measurements.every(({ value }) => Number.isFinite(value))).toBe(true);
    expect(measured(drift, 'new-categories')).toMatchObject({ value: 0.2 });
    expect(judge(drift)).toMatchObject([{ verdict: 'moved' }]);
  });

  it('that are unseen weigh nothing in the index where the schema lists them all', () => {
    expect(measured(ofCategories({ a: 500, b: 500 }, { a: 400, b: 400, new: 200 }, ['a', 'b']), 'psi')!.value).toBeCloseTo(0, 12);
  });

  it('of a list that is cut off count only where they would be listed again', () => {
    const many = Object.fromEntries(Array.from({ length: 100 }, (_, i) => [`c${i}`, i === 0 ? 500 : 4]));
    const reference = { ...categories(many), distinct: 900 };
    const sample = { ...categories({ c0: 505 }, reference), distinct: 900 };
    const drift = measureColumn({ column: 'x', reference, sample, referenceRows: 3000, sampleRows: 3000, domain: [] });
    expect(judge(drift)).toMatchObject([{ verdict: 'steady' }]);
  });
});

describe('many columns', () => {
  it('are asked together: what one of a hundred would find by chance is no discovery', () => {
    const steady = (i: number) => ofNumbers(spread(1000), spread(1000), `steady ${i}`);
    const slight = ofNumbers(spread(1000), spread(1000, 0.28), 'slight');
    expect(judge(slight)).toMatchObject([{ credible: true }]);
    const together = judge(slight, ...Array.from({ length: 99 }, (_, i) => steady(i)));
    expect(together.filter(({ credible }) => credible)).toEqual([]);
  });
});
