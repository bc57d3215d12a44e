import { schemaStream } from '@refit/contracts';
import { boundFindings, decideLearning, decideProposals, schemaDecider } from '@refit/data-validation';
import { handle } from '@refit/saga';
import type { Judged, Validating } from './validating.js';

/**
 * Keeps what the gate has found as proposals in the dataset's schema stream, and what accepted batches have shown of ranges.
 * Both once for each run: the step executed again finds them there. Without a schema there is nothing to change.
 */
export async function keepFindings({ runtime: { store }, context: { runId, causationId, spec }, ingested }: Validating, judged: Judged): Promise<void> {
  if (!judged.schema) return;
  const pipeline = spec.name;
  const proposals = { runId, pipeline, anomalies: boundFindings(judged).anomalies, refused: ingested.newBatches.filter(({ name }) => judged.rejectedBatches.includes(name)) };
  const learning = { runId, pipeline, changes: judged.learned, batches: judged.acceptedBatches };
  await handle(
    store, schemaStream(ingested.dataset), schemaDecider,
    (state) => [...decideProposals(state, proposals), ...decideLearning(state, learning)],
    { correlationId: runId, causationId, actor: `pipeline ${pipeline}` },
  );
}
