import { AlertKind, FindingSeverity, type DataGate, type DataSchema, type Label } from '@refit/contracts';
import { allowedRanges, inferSchema, judgeData, withExpectations, type DataJudgement, type DatasetStatistics, type Environment } from '@refit/data-validation';
import { analyseFile, type AnalysedFile, type AnalyseOptions } from './analysed-file.js';

/** What the data gate says of a file. */
export interface JudgedFile {
  readonly analysed: AnalysedFile;
  /** Absent: it was judged against a schema alone. */
  readonly reference?: AnalysedFile;
  readonly judgement: DataJudgement;
}

/** What is expected of a file: the gate's limits, and what the data is for. */
export interface Expectation {
  readonly gate: DataGate;
  /** Absent: training. */
  readonly environment?: Environment;
  /** What is to be learnt of it; absent: not known. */
  readonly learning?: { readonly label: Label; readonly excluded: readonly string[] };
}

/** By itself: whether there are rows, values, and not too many malformed rows. */
export const judgeAlone = ({ file, statistics }: AnalysedFile, gate: DataGate): DataJudgement =>
  judgeData({ batch: '', statistics, malformedRows: file.malformedRows, malformedLines: file.malformedLines, gate });

/** By itself and by what is expected of it by hand. */
export async function judgeByHand(path: string, { gate }: Expectation, options: AnalyseOptions): Promise<JudgedFile> {
  const analysed = await analyseFile(path, options);
  return { analysed, judgement: asExpected(analysed, judgeAlone(analysed, gate)) };
}

/** As the gate judges a new batch where the reference was the first. */
export async function judgeAgainstReference(path: string, referencePath: string, expectation: Expectation, { expected, ...options }: AnalyseOptions): Promise<JudgedFile & Required<Pick<JudgedFile, 'reference'>>> {
  const reference = await analyseFile(referencePath, options);
  const schema = inferSchema(reference.statistics);
  const analysed = await analyseFile(path, { ...options, ...(expected && { expected }), ...relating(expectation, options), reference: reference.statistics, ranges: allowedRanges(schema, expectation.gate) });
  return { analysed, reference, judgement: judge(analysed, expectation, schema, reference.statistics) };
}

/** Against what a schema says; nothing can have drifted from it. */
export async function judgeAgainstSchema(path: string, schema: DataSchema, expectation: Expectation, options: AnalyseOptions): Promise<JudgedFile> {
  const reference = categoriesOf(schema);
  const analysed = await analyseFile(path, { ...options, ...relating(expectation, options), reference, ranges: allowedRanges(schema, expectation.gate) });
  return { analysed, judgement: withoutDrift(judge(analysed, expectation, schema, reference)) };
}

/** Data for predictions has no label. */
const relating = ({ learning, environment }: Expectation, { relate }: AnalyseOptions): Pick<AnalyseOptions, 'relate'> =>
  ({ relate: { ...relate, ...(learning && environment !== 'serving' && { learning: learning.label }) } });

function judge(analysed: AnalysedFile, { gate, environment, learning }: Expectation, schema: DataSchema, reference: DatasetStatistics): DataJudgement {
  const { file, statistics, relations } = analysed;
  return asExpected(analysed, judgeData({
    batch: '', statistics, malformedRows: file.malformedRows, malformedLines: file.malformedLines, gate, expected: { schema, reference },
    ...(environment && { environment }), ...(relations && { relations }), ...(learning && { learning: { label: learning.label.column, excluded: learning.excluded } }),
  }));
}

const asExpected = ({ expectations }: AnalysedFile, judgement: DataJudgement): DataJudgement =>
  expectations ? withExpectations(judgement, expectations.asked, expectations.results) : judgement;

/** What has to be known of a reference so that rows outside of a schema's categories can be counted. */
const categoriesOf = ({ columns }: DataSchema): DatasetStatistics => ({
  rows: 0,
  columns: columns.filter(({ domain }) => domain.length > 0).map(({ name, domain }) =>
    ({ name, type: 'string', missing: 0, nonFinite: 0, distinct: domain.length, top: domain.map((value) => ({ value, count: 0 })) })),
});

const isDrift = ({ kind }: { readonly kind: string }) => kind.startsWith('COMPARATOR_');

const withoutDrift = ({ anomalies }: DataJudgement): DataJudgement => judgementOf(anomalies.filter((anomaly) => !isDrift(anomaly)), []);

/** Only whether distributions have moved. */
export const onlyDrift = ({ anomalies, drift }: DataJudgement): DataJudgement =>
  judgementOf(anomalies.filter((anomaly) => isDrift(anomaly) || anomaly.alertKind === AlertKind.EMPTY_DATA), drift);

const judgementOf = (anomalies: DataJudgement['anomalies'], drift: DataJudgement['drift']): DataJudgement =>
  ({ anomalies, drift, verdict: anomalies.some(({ severity }) => severity === FindingSeverity.FAILURE) ? 'fail' : 'pass' });
