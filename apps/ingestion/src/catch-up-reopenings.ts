import { schemaStream } from '@refit/contracts';
import { decideReopenings, isKnown, schemaDecider } from '@refit/data-validation';
import { load } from '@refit/saga';
import type { Ingesting } from './ingesting.js';

/**
 * Takes back the refusals of batches whose findings people have accepted since: they wait for the data gate again. It is read
 * from the stream of the dataset's schema, so it is right even when every message about them was lost.
 */
export async function catchUpReopenings({ runtime, context, dataset }: Ingesting): Promise<void> {
  const { state } = await load(runtime.store, schemaStream(context.spec.dataset), schemaDecider);
  if (!isKnown(state)) return;
  const reopenings = state.refusals.flatMap(({ cleared, ...refusal }) => (cleared && refusal.pipeline === context.spec.name ? [{ ...refusal, ...cleared }] : []));
  if (reopenings.length > 0) await dataset.decide((current) => decideReopenings(current, reopenings));
}
