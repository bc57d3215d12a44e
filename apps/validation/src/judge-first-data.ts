import { RefitError, type Snapshot } from '@refit/contracts';
import { computeStatistics, withDuckDb } from '@refit/data';
import { judgeData, type DatasetStatistics, type ExpectantJudgement, type PartitionStatistics } from '@refit/data-validation';
import { judgeExpectations } from './expectations/judge-expectations.js';
import type { Judged, Validating } from './validating.js';

export interface Reference {
  readonly statistics: DatasetStatistics;
  readonly statisticsHash: string;
  readonly snapshotHash: string;
}

/**
 * Looks for the first data that is fit to be the reference: enough rows, values, few malformed rows, and as was expected by
 * hand. The new batches in their order, or the window where none is new.
 */
export async function judgeFirstData(validating: Validating): Promise<{ reference: Reference; refused?: never } | { reference?: never; refused: Judged }> {
  const { ingested, gate } = validating;
  const refused: ExpectantJudgement[] = [];
  const candidates = ingested.newBatches.length > 0 ? ingested.newBatches : [{ name: '', snapshot: ingested.window, malformedRows: 0, malformedLines: [] }];
  for (const { name, snapshot, malformedRows, malformedLines } of candidates) {
    if (!snapshot) throw new RefitError('EVENT_UNREADABLE', 'a DataIngested event has a batch or window without a snapshot');
    const reference = await storedStatistics(validating, snapshot);
    const judgement = await judgeExpectations(validating, name, snapshot, judgeData({ batch: name, statistics: reference.statistics, malformedRows, malformedLines, gate }));
    if (judgement.verdict === 'pass') return { reference };
    refused.push(judgement);
  }
  const rejectedBatches = ingested.newBatches.map(({ name }) => name);
  const found = { anomalies: refused.flatMap(({ anomalies }) => anomalies), drift: [], expectations: refused.flatMap(({ expectations }) => expectations) };
  return { refused: { ...found, acceptedBatches: [], rejectedBatches, learned: [], windowOnly: false, verdict: 'fail' } };
}

/** What is merged holds errors that a reference must not have. */
async function storedStatistics({ runtime: { artifacts }, context: { signal } }: Validating, snapshot: Snapshot | undefined): Promise<Reference> {
  if (!snapshot) throw new RefitError('EVENT_UNREADABLE', 'a DataIngested event has a batch or window without a snapshot');
  const { statisticsHash, hash: snapshotHash } = snapshot;
  const stored = (await artifacts.getJson(statisticsHash)) as PartitionStatistics; // as ingestion has put it
  if (!stored.parts) return { statistics: stored, statisticsHash, snapshotHash };
  const path = await artifacts.path(snapshotHash);
  const statistics = await withDuckDb({ files: [path], signal }, (db) => computeStatistics(db, path));
  return { statistics, statisticsHash: await artifacts.putJson(statistics), snapshotHash };
}
