import { datasetStream, DriftBaseline, type Snapshot } from '@refit/contracts';
import { computeStatistics, withDuckDb } from '@refit/data';
import { datasetDecider, inTimeOrder, labelOf, nameOf, newestVersions, standingOf, type BatchVersion, type DatasetStatistics, type PreviousBatch, type Subject } from '@refit/data-validation';
import { load } from '@refit/saga';
import type { Validating } from '../validating.js';
import { localPath } from './local-path.js';
import { measuredExactly } from './measured-exactly.js';

/** One that is judged now. */
export interface NewBatch {
  readonly snapshot: Snapshot;
  /** Everything else that is judged. */
  readonly subject: Subject;
  /** Batches of this run that have passed before it. */
  readonly passed: readonly string[];
}

/**
 * The batch before, that this pipeline has accepted or this run has found nothing against, with the new one's statistics on
 * its bins, and exact distances where its rows were kept; undefined where the pipeline file does not ask, or there is none.
 */
export async function previousBatch(validating: Validating, { snapshot, subject, passed }: NewBatch): Promise<PreviousBatch | undefined> {
  const { runtime: { store, artifacts }, context: { spec, signal }, gate, ingested } = validating;
  if (!gate.driftAgainst.includes(DriftBaseline.PREVIOUS)) return undefined;
  const { state } = await load(store, datasetStream(ingested.dataset), datasetDecider);
  const isFit = (batch: BatchVersion) => nameOf(batch) === subject.batch || passed.includes(nameOf(batch)) || standingOf(batch, spec.name) === 'accepted';
  const inOrder = inTimeOrder(newestVersions(state).filter(isFit));
  const before = inOrder[inOrder.findIndex((batch) => nameOf(batch) === subject.batch) - 1];
  if (!before?.ingested.snapshot) return undefined;
  const { hash, statisticsHash } = before.ingested.snapshot;
  const statistics = (await artifacts.getJson(statisticsHash)) as DatasetStatistics; // as ingestion has put it
  const [path, sample] = [await localPath(validating, hash), await artifacts.path(snapshot.hash)];
  return {
    label: labelOf(before), statistics,
    sample: await withDuckDb({ files: [sample], signal }, (db) => computeStatistics(db, sample, { reference: statistics })),
    ...(path !== undefined && { exact: await measuredExactly(validating, path, sample, statistics) }),
  };
}
