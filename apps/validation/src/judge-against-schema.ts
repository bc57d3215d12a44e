import { RefitError, type IngestedBatch, type Snapshot } from '@refit/contracts';
import { computeStatistics, withDuckDb } from '@refit/data';
import { allowedRanges, judgeData, type DataJudgement, type DatasetStatistics, type KnownSchema } from '@refit/data-validation';
import type { Judged, Validating } from './validating.js';

/**
 * Each new batch alone against the reference; then, when all have passed, the window (with a refused batch inside it
 * could only repeat what was found). When only the window fails, no single batch is to blame: all new ones are refused.
 */
export async function judgeAgainstSchema(validating: Validating, known: KnownSchema): Promise<Judged> {
  const { runtime, context, ingested } = validating;
  const { schema } = known;
  const reference = (await runtime.artifacts.getJson(known.referenceStatisticsHash)) as DatasetStatistics; // as ingestion has put it
  const judge = (batch: string, snapshot: Snapshot | undefined, malformed: Pick<IngestedBatch, 'malformedRows' | 'malformedLines'>) =>
    judgeSnapshot(validating, { ...malformed, batch, expected: { schema, reference } }, snapshot);

  const judgements: { readonly name: string; readonly judgement: DataJudgement }[] = [];
  for (const [i, { name, snapshot, malformedRows, malformedLines }] of ingested.newBatches.entries()) {
    context.progress(i / (ingested.newBatches.length + 1), `judging batch ${name}`);
    judgements.push({ name, judgement: await judge(name, snapshot, { malformedRows, malformedLines }) });
  }
  const refused = judgements.filter(({ judgement }) => judgement.verdict === 'fail');
  const window = refused.length > 0 ? undefined : await judge('', ingested.window, { malformedRows: 0, malformedLines: [] });
  const windowOnly = window?.verdict === 'fail';
  const all = [...judgements.map(({ judgement }) => judgement), ...(window ? [window] : [])];
  return {
    schema: known,
    anomalies: all.flatMap(({ anomalies }) => anomalies),
    drift: all.flatMap(({ drift }) => drift),
    rejectedBatches: (windowOnly ? judgements : refused).map(({ name }) => name),
    acceptedBatches: windowOnly ? [] : judgements.filter((judged) => !refused.includes(judged)).map(({ name }) => name),
    windowOnly,
    verdict: windowOnly || refused.length > 0 ? 'fail' : 'pass',
  };
}

type Expectation = Omit<Parameters<typeof judgeData>[0], 'statistics' | 'gate'> & Required<Pick<Parameters<typeof judgeData>[0], 'expected'>>;

/** With statistics on the reference's bins, which those of the ingestion are not. */
async function judgeSnapshot({ runtime, context, gate }: Validating, expectation: Expectation, snapshot: Snapshot | undefined): Promise<DataJudgement> {
  if (!snapshot) throw new RefitError('EVENT_UNREADABLE', 'a DataIngested event has a batch or window without a snapshot');
  const { schema, reference } = expectation.expected;
  const path = await runtime.artifacts.path(snapshot.hash);
  const statistics = await withDuckDb({ files: [path], signal: context.signal }, (db) =>
    computeStatistics(db, path, { reference, ranges: allowedRanges(schema, gate) }),
  );
  return judgeData({ ...expectation, statistics, gate });
}
