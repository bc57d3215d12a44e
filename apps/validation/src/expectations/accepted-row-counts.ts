import { datasetStream } from '@refit/contracts';
import { datasetDecider, inTimeOrder, nameOf, newestVersions, standingOf } from '@refit/data-validation';
import { load } from '@refit/saga';
import type { Validating } from '../validating.js';

/** Rows of each other batch that this pipeline has accepted, as it was delivered last, the oldest data first. */
export async function acceptedRowCounts({ runtime, context, ingested }: Validating, batch: string): Promise<readonly number[]> {
  const { state } = await load(runtime.store, datasetStream(ingested.dataset), datasetDecider);
  const accepted = newestVersions(state).filter((known) => nameOf(known) !== batch && standingOf(known, context.spec.name) === 'accepted');
  return inTimeOrder(accepted).map((known) => known.ingested.snapshot?.rows ?? 0);
}
