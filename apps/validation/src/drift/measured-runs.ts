import { fromJson } from '@bufbuild/protobuf';
import { datasetStream, decodeEvent, DriftMeasureSchema, isRefitError, runStream, type DriftMeasure } from '@refit/contracts';
import type { ArtifactStore } from '@refit/artifacts';
import type { EventStore } from '@refit/event-store';

/** What a run has measured of drift. */
export interface MeasuredRun {
  readonly runId: string;
  readonly pipeline: string;
  readonly dataset: string;
  readonly schemaVersion: number;
  /** When the gate had judged, in milliseconds since 1970, by the store's clock. */
  readonly measuredAt: number;
  readonly measures: readonly DriftMeasure[];
}

/** Runs that have frozen a window over a dataset, the newest first. */
export async function runsOn(store: EventStore, dataset: string): Promise<readonly string[]> {
  const runs: string[] = [];
  for await (const recorded of store.readStream(datasetStream(dataset))) {
    const frozen = recorded.type === 'refit.dataset.v1.WindowFrozen' ? decodeEvent(recorded) : undefined;
    if (frozen?.$typeName === 'refit.dataset.v1.WindowFrozen') runs.push(frozen.runId);
  }
  return [...new Set(runs)].toReversed();
}

/** Undefined for a run that there is not, or that the gate has not judged. */
export async function measuredRun({ store, artifacts }: { readonly store: EventStore; readonly artifacts: ArtifactStore }, runId: string): Promise<MeasuredRun | undefined> {
  let [pipeline, dataset] = ['', ''];
  for await (const recorded of store.readStream(runStream(runId))) {
    const e = decodeEvent(recorded);
    if (e?.$typeName === 'refit.run.v1.RunRequested') pipeline = e.pipeline;
    if (e?.$typeName === 'refit.run.v1.DataIngested') dataset = e.dataset;
    if (e?.$typeName === 'refit.run.v1.DataValidated' || e?.$typeName === 'refit.run.v1.DataRejected') {
      const { schemaVersion, drift, driftEvidenceHash } = e;
      return { runId, pipeline, dataset, schemaVersion, measuredAt: recorded.recordedAt, measures: await evidence(artifacts, driftEvidenceHash, drift) };
    }
  }
  return undefined;
}

/** All that was measured, as the artifact has it; where that is gone, what the event had room for. */
async function evidence(artifacts: ArtifactStore, hash: string, inEvent: readonly DriftMeasure[]): Promise<readonly DriftMeasure[]> {
  if (hash === '') return inEvent;
  try {
    const { drift = [] } = (await artifacts.getJson(hash)) as { readonly drift?: readonly Parameters<typeof fromJson>[1][] }; // as the gate has put it
    return drift.map((measure) => fromJson(DriftMeasureSchema, measure, { ignoreUnknownFields: true }));
  } catch (error) {
    if (isRefitError(error, 'ARTIFACT_NOT_FOUND')) return inEvent;
    throw error;
  }
}
