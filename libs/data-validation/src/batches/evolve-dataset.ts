import type { BatchIngested, BatchJudged, BatchReopened, DatasetEvent } from '@refit/contracts';
import type { BatchVersion, DatasetState } from './dataset-state.js';

export const datasetDecider = {
  initialState: { version: 0, batches: new Map(), windows: new Map() } as DatasetState, // wider than the literal's type
  evolve: (state: DatasetState, e: DatasetEvent): DatasetState => {
    switch (e.$typeName) {
      case 'refit.dataset.v1.BatchIngested':
        return withVersion(state, e);
      case 'refit.dataset.v1.BatchJudged':
        return withJudgement(state, e);
      case 'refit.dataset.v1.BatchReopened':
        return reopened(state, e);
      case 'refit.dataset.v1.WindowFrozen':
        return { ...state, version: e.version, windows: new Map(state.windows).set(e.runId, e) };
      default:
        return state;
    }
  },
};

function withVersion(state: DatasetState, ingested: BatchIngested): DatasetState {
  const name = ingested.batch?.name ?? '';
  const versions = state.batches.get(name)?.versions ?? [];
  return { ...state, batches: new Map(state.batches).set(name, { versions: [...versions, { ingested, judgements: new Map() }] }) };
}

const withJudgement = (state: DatasetState, judged: BatchJudged): DatasetState =>
  withChanged(state, judged, (version) => ({ ...version, judgements: new Map(version.judgements).set(judged.pipeline, judged) }));

const reopened = (state: DatasetState, e: BatchReopened): DatasetState =>
  withChanged(state, e, (version) => ({
    ...version, judgements: new Map([...version.judgements].filter(([pipeline]) => pipeline !== e.pipeline)), overruled: new Set(version.overruled).add(e.runId),
  }));

function withChanged(state: DatasetState, { batch: name, version: number }: { readonly batch: string; readonly version: number }, change: (version: BatchVersion) => BatchVersion): DatasetState {
  const batch = state.batches.get(name);
  if (!batch) return state;
  const versions = batch.versions.map((version) => (version.ingested.version === number ? change(version) : version));
  return { ...state, batches: new Map(state.batches).set(name, { versions }) };
}
