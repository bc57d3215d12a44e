import { RefitError, type Snapshot } from '@refit/contracts';
import { judgeData, type DatasetStatistics } from '@refit/data-validation';
import type { Judged, Validating } from './validating.js';

export interface Reference {
  readonly statistics: DatasetStatistics;
  readonly statisticsHash: string;
  readonly snapshotHash: string;
}

/**
 * Looks for the first data that is fit to be the reference: enough rows, values, few malformed rows. The new batches in
 * their order, or the window where none is new.
 */
export async function judgeFirstData(validating: Validating): Promise<{ reference: Reference; refused?: never } | { reference?: never; refused: Judged }> {
  const { ingested, gate } = validating;
  const anomalies = [];
  const candidates = ingested.newBatches.length > 0 ? ingested.newBatches : [{ name: '', snapshot: ingested.window, malformedRows: 0, malformedLines: [] }];
  for (const { name, snapshot, malformedRows, malformedLines } of candidates) {
    const reference = await storedStatistics(validating, snapshot);
    const judgement = judgeData({ batch: name, statistics: reference.statistics, malformedRows, malformedLines, gate });
    if (judgement.verdict === 'pass') return { reference };
    anomalies.push(...judgement.anomalies);
  }
  const rejectedBatches = ingested.newBatches.map(({ name }) => name);
  return { refused: { anomalies, drift: [], acceptedBatches: [], rejectedBatches, learned: [], windowOnly: false, verdict: 'fail' } };
}

async function storedStatistics({ runtime: { artifacts } }: Validating, snapshot: Snapshot | undefined): Promise<Reference> {
  if (!snapshot) throw new RefitError('EVENT_UNREADABLE', 'a DataIngested event has a batch or window without a snapshot');
  const { statisticsHash, hash: snapshotHash } = snapshot;
  return { statistics: (await artifacts.getJson(statisticsHash)) as DatasetStatistics, statisticsHash, snapshotHash }; // as ingestion has put it
}
