import { datasetStream, type PipelineSpec } from '@refit/contracts';
import { expandSourcePaths, localPath } from '@refit/data';
import { datasetDecider, newestVersions, rowsBefore, standingOf } from '@refit/data-validation';
import type { EventStore } from '@refit/event-store';
import { load } from '@refit/saga';

/** What there is to train on, as far as it is known before a run looks at it. */
export interface SpanData {
  /** In a window that ends at a time, in milliseconds since 1970. */
  at(end: number): { readonly batches: number; readonly rows: number; readonly exact: boolean };
  /** Files that match the pipeline's paths and that no run has taken in. */
  readonly unseenFiles: number;
}

/** Batches that the pipeline's data gate has refused do not count. */
export async function spanData(store: EventStore, { name, dataset, source }: PipelineSpec, allowedRoots: readonly string[]): Promise<SpanData> {
  const { state } = await load(store, datasetStream(dataset), datasetDecider);
  const newest = newestVersions(state);
  const usable = newest.filter((batch) => standingOf(batch, name) !== 'rejected');
  const known = new Set(newest.flatMap(({ ingested }) => (ingested.batch ? [localPath(ingested.batch.uri)] : [])));
  const files = await expandSourcePaths(source?.paths ?? [], allowedRoots);
  return {
    at: (end) => rowsBefore(usable, source?.window, end),
    unseenFiles: files.filter(({ path }) => !known.has(path)).length,
  };
}
