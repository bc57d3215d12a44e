import { DataGateSchema, event, FindingSeverity, type Anomaly } from '@refit/contracts';
import { countValues, inferSchema, judgeData, numericStatistics, type ColumnStatistics, type DatasetStatistics } from '@refit/data-validation';

/** What a pipeline file without a data gate gets. */
const gate = event(DataGateSchema, {
  psiWarning: 0.1, psiFailure: 0.25, maximumNullRateIncrease: 0.05, maximumUnseenCategoryRate: 0.05, rangeMargin: 0.5, minimumRows: 1,
  maximumMalformedRowRate: 0.01, newColumn: FindingSeverity.WARNING, wassersteinWarning: 0.1, wassersteinFailure: 0.5, driftMinimumRows: 300,
});

/** Statistics of a column, on the bins and categories of a reference where there is one. NaN: missing. */
export type Summarize = (values: Float64Array, reference?: DatasetStatistics) => DatasetStatistics;

/** What the data gate finds to have moved in a sample of one column: its distribution, or how many values it lacks. */
export function findMoved(reference: DatasetStatistics, sample: DatasetStatistics): readonly Anomaly[] {
  const schema = inferSchema(reference);
  const { anomalies } = judgeData({ batch: 'sample', statistics: sample, malformedRows: 0, gate, expected: { schema, reference } });
  return anomalies.filter(({ kind }) => kind.startsWith('COMPARATOR_') || kind.startsWith('FEATURE_TYPE_'));
}

export const ofNumbers: Summarize = (values, reference) => {
  const present = countValues(values);
  const before = reference?.columns[0]?.numeric;
  const numeric = numericStatistics(present, { edges: before?.histogram.edges, comparisonEdges: before?.comparison?.edges });
  return dataset(values, { type: 'float', distinct: present.values.length, ...(numeric && { numeric }) });
};

export const ofCategories: Summarize = (values, reference) => {
  const present = countValues(values);
  const all = Array.from(present.values, (value, i) => ({ value: String(value), count: present.counts[i] ?? 0 })).sort((a, b) => b.count - a.count);
  const counts = new Map(all.map(({ value, count }) => [value, count]));
  const before = reference?.columns[0]?.top;
  return dataset(values, { type: 'string', distinct: all.length, top: all.slice(0, 100), ...(before && { ofReferenceTop: before.map(({ value }) => counts.get(value) ?? 0) }) });
};

const dataset = (values: Float64Array, column: Omit<ColumnStatistics, 'name' | 'missing' | 'nonFinite'>): DatasetStatistics =>
  ({ rows: values.length, columns: [{ name: 'x', missing: values.filter(Number.isNaN).length, nonFinite: 0, ...column }] });
