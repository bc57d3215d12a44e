import { BatchSchema, event, type Batch } from '@refit/contracts';
import { expandSourcePaths, localPath } from '@refit/data';
import { newestVersions } from '@refit/data-validation';
import type { Ingesting } from './ingesting.js';

export interface FileDelivery {
  readonly batch: Batch;
  readonly announced: boolean;
}

/** The batches that the run was requested with. */
export const announcedDeliveries = ({ request }: Ingesting): readonly FileDelivery[] => request.batches.map((batch) => ({ batch, announced: true }));

/**
 * The files that match the pipeline's paths. One that has come before keeps the name of its batch, so that neither an
 * arrival nor a neighbour of the same name makes it come twice.
 */
export async function foundDeliveries({ runtime, request, source, context, dataset }: Ingesting): Promise<readonly FileDelivery[]> {
  const files = await expandSourcePaths(source.paths, runtime.config.allowedRoots);
  const known = newestVersions(dataset.state).flatMap(({ ingested }) => ingested.batch ?? []);
  const nameByPath = new Map([...known, ...request.batches].map(({ uri, name }) => [localPath(uri), name]));
  return files.map(({ path, name }) => ({
    announced: false,
    batch: event(BatchSchema, { dataset: context.spec.dataset, name: nameByPath.get(path) ?? name, uri: path, format: source.format }),
  }));
}
