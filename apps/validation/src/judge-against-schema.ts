import { RefitError, type IngestedBatch, type SchemaChange, type Snapshot } from '@refit/contracts';
import { computeStatistics, withDuckDb } from '@refit/data';
import { allowedRanges, judgeData, learnRanges, type DatasetStatistics, type ExpectantJudgement, type KnownSchema, type Subject } from '@refit/data-validation';
import { compareRows, type RowsToCompare } from './drift/compare-rows.js';
import { judgeExpectations } from './expectations/judge-expectations.js';
import { relateBatch } from './relate-batch.js';
import type { Judged, Validating } from './validating.js';
import { mergedWindowStatistics, type CountedSnapshot } from './window-statistics.js';

/**
 * Each new batch alone against the reference; then, when all have passed, the window (with a refused batch inside it
 * could only repeat what was found). When only the window fails, no single batch is to blame: all new ones are refused.
 */
export async function judgeAgainstSchema(validating: Validating, known: KnownSchema): Promise<Judged> {
  const { runtime, context, ingested } = validating;
  const { schema } = known;
  const reference = (await runtime.artifacts.getJson(known.referenceStatisticsHash)) as DatasetStatistics; // as ingestion has put it
  const judge = (batch: string, snapshot: Snapshot | undefined, malformed: Pick<IngestedBatch, 'malformedRows' | 'malformedLines'>, merged?: DatasetStatistics) => {
    const passed = judgements.filter(({ judgement }) => judgement.verdict === 'pass').map(({ name }) => name);
    const expectation = { ...malformed, batch, expected: { schema, reference }, isReference: batch !== '' && snapshot?.hash === known.referenceSnapshotHash };
    return judgeSnapshot(validating, { known, passed, expectation }, snapshot, merged);
  };

  /** By the merged statistics of its batches, where there are such; but only what its rows tell refuses a window. */
  const judgeWindow = async (snapshot: Snapshot | undefined) => {
    const merged = snapshot && (await mergedWindowStatistics(validating, snapshot, known, reference, judgements));
    const judged = merged && (await judge('', snapshot, wellFormed, merged));
    return judged?.judgement.verdict === 'pass' ? judged : judge('', snapshot, wellFormed);
  };

  const judgements: (JudgedSnapshot & { readonly name: string })[] = [];
  for (const [i, { name, snapshot, malformedRows, malformedLines }] of ingested.newBatches.entries()) {
    context.progress(i / (ingested.newBatches.length + 1), `judging batch ${name}`);
    judgements.push({ name, ...(await judge(name, snapshot, { malformedRows, malformedLines })) });
  }
  const refused = judgements.filter(({ judgement }) => judgement.verdict === 'fail');
  const window = refused.length > 0 ? undefined : await judgeWindow(ingested.window);
  const windowOnly = window?.judgement.verdict === 'fail';
  const all = [...judgements, ...(window ? [window] : [])].map(({ judgement }) => judgement);
  const accepted = windowOnly ? [] : judgements.filter((judged) => !refused.includes(judged));
  return {
    schema: known,
    anomalies: all.flatMap(({ anomalies }) => anomalies),
    drift: all.flatMap(({ drift }) => drift),
    expectations: all.flatMap(({ expectations }) => expectations),
    rejectedBatches: (windowOnly ? judgements : refused).map(({ name }) => name),
    acceptedBatches: accepted.map(({ name }) => name),
    learned: accepted.flatMap(({ learned }) => learned),
    windowOnly,
    verdict: windowOnly || refused.length > 0 ? 'fail' : 'pass',
  };
}

const wellFormed = { malformedRows: 0, malformedLines: [] };

type Expectation = Omit<Parameters<typeof judgeData>[0], 'statistics' | 'gate'> & Required<Pick<Parameters<typeof judgeData>[0], 'expected'>>;

/** What is expected, and of which batches of this run nothing was found. */
interface HowToJudge extends Pick<RowsToCompare, 'known' | 'passed'> {
  readonly expectation: Expectation;
}

interface JudgedSnapshot extends CountedSnapshot {
  readonly judgement: ExpectantJudgement;
  /** What it adds to the ranges of the schema, should it be accepted. */
  readonly learned: readonly SchemaChange[];
}

/** With statistics on the reference's bins, which those of the ingestion are not. */
async function judgeSnapshot(validating: Validating, { expectation, ...how }: HowToJudge, snapshot: Snapshot | undefined, merged?: DatasetStatistics): Promise<JudgedSnapshot> {
  const { runtime, context, gate, ingested } = validating;
  if (!snapshot) throw new RefitError('EVENT_UNREADABLE', 'a DataIngested event has a batch or window without a snapshot');
  const { schema, reference } = expectation.expected;
  const path = await runtime.artifacts.path(snapshot.hash);
  const statistics = merged ?? (await withDuckDb({ files: [path], signal: context.signal }, (db) =>
    computeStatistics(db, path, { reference, ranges: allowedRanges(schema, gate) }),
  ));
  const subject: Subject = { ...expectation, statistics, gate };
  const [related, compared] = await Promise.all([
    relateBatch(context, expectation.batch, path, statistics),
    compareRows(validating, { ...how, snapshot, subject, isNewest: ingested.newBatches.at(-1)?.name === expectation.batch }),
  ]);
  const judgement = await judgeExpectations(validating, expectation.batch, snapshot, judgeData({ ...subject, ...related, compared }));
  return { snapshotHash: snapshot.hash, statistics, judgement, learned: learnRanges(schema, gate, statistics) };
}
