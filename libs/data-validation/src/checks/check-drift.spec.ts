import { defaultDataGate, FindingSeverity, type DataGate } from '@refit/contracts';
import { describe, expect, it } from 'vitest';
import { judgeData } from '../judge-data.js';
import { numericStatistics } from '../numeric-statistics.js';
import { inferSchema } from '../schema/infer-schema.js';
import type { DatasetStatistics } from '../statistics.js';
import type { ClassifierOutcome, Compared } from '../drift/compared.js';
import { countValues } from '../drift/distances/exact-distances.js';
import { histogramDivergence } from '../drift/distances/histogram-divergence.js';
import { judgeSkew } from '../drift/judge-skew.js';

const spread = (shift = 0, wide = 1) => Array.from({ length: 2000 }, (_, i) => wide * Math.log((i + 0.5) / (2000 - i - 0.5)) + shift);

function dataset(values: readonly number[], reference?: DatasetStatistics, name = 'x'): DatasetStatistics {
  const before = reference?.columns[0]?.numeric;
  const numeric = numericStatistics(countValues(values), { edges: before?.histogram.edges, comparisonEdges: before?.comparison?.edges });
  return { rows: values.length, columns: [{ name, type: 'float', missing: 0, nonFinite: 0, distinct: values.length, ...(numeric && { numeric }) }] };
}

const reference = dataset(spread());

function judge(values: readonly number[], gate: Partial<DataGate> = {}, compared: Compared = {}, stored = reference) {
  const expected = { schema: inferSchema(stored), reference: stored };
  return judgeData({ batch: 'next', statistics: dataset(values, stored), malformedRows: 0, gate: { ...defaultDataGate(), ...gate } as DataGate, expected, compared }); // a message with some fields replaced
}

const kinds = ({ anomalies }: { readonly anomalies: readonly { readonly kind: string }[] }) => anomalies.map(({ kind }) => kind).filter((kind) => kind.startsWith('COMPARATOR_'));

describe('the Jensen–Shannon divergence of histograms', () => {
  it('is that of ten buckets of equal width on each side, as TFDV has them', () => {
    const found = judge(spread(0.3)).drift[0]!.distances.find(({ name }) => name === 'histogram-jensen-shannon')!.value;
    const buckets = (values: readonly number[]) => {
      const [low, high] = [Math.min(...values), Math.max(...values)];
      const edge = (i: number) => low + ((high - low) * i) / 10;
      return Array.from({ length: 10 }, (_, i) => ({ low: edge(i), high: edge(i + 1), count: values.filter((value) => (i === 0 || value > edge(i)) && (i === 9 || value <= edge(i + 1))).length }));
    };
    expect(found).toBeCloseTo(histogramDivergence({ buckets: buckets(spread()) }, { buckets: buckets(spread(0.3)) })!, 3);
  });

  it('has a limit where one is written, in place of that of the bins', () => {
    const limits = { jensenShannonFailure: 0.01, jensenShannonOfHistograms: true };
    expect(judge(spread(0.6), limits)).toMatchObject({ verdict: 'fail' });
    expect(kinds(judge(spread(0.6), limits))).toContain('COMPARATOR_JENSEN_SHANNON_DIVERGENCE_HIGH');
    expect(kinds(judge(spread(0.6)))).not.toContain('COMPARATOR_JENSEN_SHANNON_DIVERGENCE_HIGH');
  });

  it('with a limit fails where the reference has no histogram', () => {
    const { equalWidth: _, ...numeric } = reference.columns[0]!.numeric!;
    const old: DatasetStatistics = { ...reference, columns: [{ ...reference.columns[0]!, numeric }] };
    const judged = judge(spread(), { jensenShannonFailure: 0.5, jensenShannonOfHistograms: true }, {}, old);
    expect(judged.anomalies).toMatchObject([{ kind: 'COMPARATOR_JENSEN_SHANNON_DIVERGENCE_HIGH', observed: 'unknown', severity: FindingSeverity.FAILURE }]);
  });
});

describe('exact distances', () => {
  it('take the place of those that summaries tell', () => {
    const exact = new Map([['x', { kolmogorovSmirnov: 0.5, wasserstein: 9 }]]);
    const [measure] = judge(spread(), {}, { exact }).drift;
    expect(measure!.distances.find(({ name }) => name === 'kolmogorov-smirnov')).toMatchObject({ value: 0.5, error: 0 });
    expect(judge(spread(), {}, { exact }).verdict).toBe('fail');
  });
});

describe('the batch before', () => {
  const previous = { label: 'week-08@1', statistics: dataset(spread(2)), sample: dataset(spread(), dataset(spread(2))) };
  it('is compared with where the pipeline file says so, and warns', () => {
    const judged = judge(spread(), { driftAgainst: [1, 2] }, { previous });
    expect(judged.anomalies).toMatchObject([{ kind: 'COMPARATOR_PREVIOUS_HIGH', severity: FindingSeverity.WARNING, message: expect.stringContaining('week-08@1') }]);
    expect(judged.drift.map(({ against }) => against)).toEqual(['', 'week-08@1']);
    expect(kinds(judge(spread(), {}, { previous }))).toEqual([]);
    expect(judge(spread(), { driftAgainst: [2] }, { previous }).drift.map(({ against }) => against)).toEqual(['week-08@1']);
  });
});

describe('a classifier', () => {
  const told = (auc: number): ClassifierOutcome => ({ toldApart: { auc, interval: [auc, auc], pValue: 0, referenceRows: 5000, sampleRows: 5000 }, columns: [{ column: 'x', aucWithout: 0.5 }] });
  const judged = (classifier: ClassifierOutcome, failure?: number) => judge(spread(), failure === undefined ? {} : { domainClassifier: { $typeName: 'refit.pipeline.v1.DomainClassifier', disabled: false, failure } }, { classifier });
  it('warns, and fails only where there is a limit for that', () => {
    expect(kinds(judged(told(0.64)))).toEqual([]);
    expect(judged(told(0.99))).toMatchObject({ verdict: 'pass', anomalies: [{ kind: 'COMPARATOR_CLASSIFIER_AUC_HIGH', severity: FindingSeverity.WARNING }] });
    expect(judged(told(0.99), 0.9)).toMatchObject({ verdict: 'fail' });
  });
  it('that could not be asked is said, and fails where there is a limit', () => {
    expect(judged({ inconclusive: 'no rows' })).toMatchObject({ verdict: 'pass', anomalies: [{ kind: 'COMPARATOR_CLASSIFIER_INCONCLUSIVE', severity: FindingSeverity.INFO }] });
    expect(judged({ inconclusive: 'no rows' }, 0.9)).toMatchObject({ verdict: 'fail' });
    expect(judged({ inconclusive: '40 rows', tooFewRows: true }, 0.9)).toMatchObject({ verdict: 'pass', anomalies: [] });
  });
});

describe('what predictions are asked for', () => {
  it('is compared with what was learnt from, but for columns that only training has', () => {
    const training: DatasetStatistics = { ...reference, columns: [...reference.columns, ...dataset(spread(), undefined, 'label').columns] };
    const serving: DatasetStatistics = { rows: 2000, columns: dataset(spread(2), reference).columns };
    const gate = { ...defaultDataGate(), trainingOnlyColumns: ['label'] };
    expect(judgeSkew({ training, serving, gate })).toMatchObject({ verdict: 'fail', drift: [{ column: 'x' }] });
    expect(judgeSkew({ training, serving: { ...serving, columns: dataset(spread(), reference).columns }, gate })).toMatchObject({ verdict: 'pass', anomalies: [] });
  });
});
