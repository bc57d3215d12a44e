import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AlertKind, FindingSeverity, type DataGate, type DataSchema, type Label } from '@refit/contracts';
import { allowedRanges, inferSchema, judgeData, unjudgedDrift, withExpectations, type DataJudgement, type DatasetStatistics, type Environment, type Subject, type Unjudged } from '@refit/data-validation';
import { analyseFile, type AnalysedFile, type AnalyseOptions } from './analysed-file.js';
import { compareFiles } from './compare-files.js';
import type { SchemaInFile } from './schema-file.js';

/** What the data gate says of a file. */
export interface JudgedFile {
  readonly analysed: AnalysedFile;
  /** Absent: it was judged against a schema alone. */
  readonly reference?: AnalysedFile;
  readonly judgement: DataJudgement;
  /** Columns whose drift was not asked, and why; absent: nothing was to be compared. */
  readonly unjudged?: readonly Unjudged[];
}

/** What is expected of a file: the gate's limits, and what the data is for. */
export interface Expectation {
  readonly gate: DataGate;
  /** Absent: training. */
  readonly environment?: Environment;
  /** What is to be learnt of it; absent: not known. */
  readonly learning?: { readonly label: Label; readonly excluded: readonly string[] };
  /** Whether a classifier is asked to tell the file from the reference; absent: it is, as far as the gate wants it. */
  readonly classifier?: boolean;
}

/** By itself: whether there are rows, values, and not too many malformed rows. */
export const judgeAlone = ({ file, statistics }: AnalysedFile, gate: DataGate): DataJudgement =>
  judgeData({ batch: '', statistics, malformedRows: file.malformedRows, malformedLines: file.malformedLines, gate });

/** By itself and by what is expected of it by hand. */
export async function judgeByHand(path: string, { gate }: Expectation, options: AnalyseOptions): Promise<JudgedFile> {
  const analysed = await analyseFile(path, options);
  return { analysed, judgement: asExpected(analysed, judgeAlone(analysed, gate)) };
}

/** As the gate judges a new batch where the reference was the first: by the rows of both. */
export async function judgeAgainstReference(path: string, referencePath: string, expectation: Expectation, { expected, ...options }: AnalyseOptions): Promise<JudgedFile & Required<Pick<JudgedFile, 'reference'>>> {
  const folder = await mkdtemp(join(tmpdir(), 'refit-compare-'));
  try {
    const reference = await analyseFile(referencePath, { ...options, keepRowsIn: join(folder, 'reference.parquet') });
    const schema = inferSchema(reference.statistics);
    const analysed = await analyseFile(path, {
      ...options, ...(expected && { expected }), ...relating(expectation, options), reference: reference.statistics, ranges: allowedRanges(schema, expectation.gate), keepRowsIn: join(folder, 'rows.parquet'),
    });
    const subject = subjectOf(analysed, expectation, { schema, reference: reference.statistics });
    options.onProgress?.(`comparing ${path} with ${referencePath}`);
    const { rowsFile: before = referencePath } = reference;
    const { rowsFile: now = path } = analysed;
    const compared = await compareFiles({ reference: before, sample: now }, subject, { classifier: expectation.classifier ?? true, ...(options.signal && { signal: options.signal }) });
    return { analysed, reference, judgement: judge(analysed, { ...subject, compared }), unjudged: unjudgedDrift(subject) };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Against what a schema says; whether anything has drifted is told where the file has statistics of a reference as well. */
export async function judgeAgainstSchema(path: string, { schema, reference }: SchemaInFile, expectation: Expectation, options: AnalyseOptions): Promise<JudgedFile> {
  const known = reference ?? categoriesOf(schema);
  const analysed = await analyseFile(path, { ...options, ...relating(expectation, options), reference: known, ranges: allowedRanges(schema, expectation.gate) });
  const subject = subjectOf(analysed, expectation, { schema, reference: known });
  const judgement = judge(analysed, subject);
  return reference ? { analysed, judgement, unjudged: unjudgedDrift(subject) } : { analysed, judgement: withoutDrift(judgement), unjudged: [withoutReference(schema)] };
}

const withoutReference = ({ columns }: DataSchema): Unjudged => ({
  columns: columns.map(({ name }) => name),
  because: 'the schema file holds no statistics of a reference; refit data schema FILE --json --with-reference writes them, --reference FILE compares with a file',
});

/** Data for predictions has no label. */
const relating = ({ learning, environment }: Expectation, { relate }: AnalyseOptions): Pick<AnalyseOptions, 'relate'> =>
  ({ relate: { ...relate, ...(learning && environment !== 'serving' && { learning: learning.label }) } });

function subjectOf({ file, statistics, relations }: AnalysedFile, { gate, environment, learning }: Expectation, expected: NonNullable<Subject['expected']>): Subject {
  return {
    batch: '', statistics, malformedRows: file.malformedRows, malformedLines: file.malformedLines, gate, expected,
    ...(environment && { environment }), ...(relations && { relations }), ...(learning && { learning: { label: learning.label.column, excluded: learning.excluded } }),
  };
}

const judge = (analysed: AnalysedFile, subject: Subject): DataJudgement => asExpected(analysed, judgeData(subject));

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
