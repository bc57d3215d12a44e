import { DataIngestedSchema, event, IngestedBatchSchema, RefitError, SnapshotSchema, type DataIngested, type PipelineSpec, type Snapshot } from '@refit/contracts';
import { findBatch, nameOf, standingOf, type BatchVersion, type DatasetState } from '@refit/data-validation';

/** Above this many columns in all, the new batches are listed without theirs: the dataset's stream has them. */
const listedColumns = 300;

/** What the run ingested, as its window in the dataset tells. */
export function ingestedOutcome(state: DatasetState, { dataset, name: pipeline }: PipelineSpec, runId: string): DataIngested {
  const window = state.windows.get(runId);
  if (!window?.snapshot) throw new RefitError('INTERNAL', `dataset ${dataset} has no window of run ${runId}`);
  const added = window.batches.flatMap((label) => findBatch(state, label) ?? []).filter((batch) => standingOf(batch, pipeline) === 'pending');
  const columns = added.reduce((total, { ingested }) => total + (ingested.snapshot?.columns.length ?? 0), 0);
  return event(DataIngestedSchema, {
    dataset,
    datasetVersion: window.version,
    newBatches: added.map((batch) => newBatch(batch, columns <= listedColumns)),
    window: window.snapshot,
    windowBatches: window.batches,
    excludedBatches: window.excludedBatches,
  });
}

function newBatch(batch: BatchVersion, withColumns: boolean) {
  const { version, snapshot, malformedRows, malformedLines } = batch.ingested;
  return event(IngestedBatchSchema, {
    name: nameOf(batch), version, malformedRows, malformedLines: malformedLines.slice(0, 5),
    ...(snapshot && { snapshot: withColumns ? snapshot : withoutColumns(snapshot) }),
  });
}

const withoutColumns = ({ hash, rows, statisticsHash, bytes }: Snapshot) => event(SnapshotSchema, { hash, rows, statisticsHash, bytes });
