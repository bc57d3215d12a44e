import { create } from '@bufbuild/protobuf';
import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import { ProposalStateSchema, type ProposalState } from '@refit/contracts';
import { adviceFor, describeChange, proposalStatus, type ProposalRecord } from '@refit/data-validation';
import type { SchemaLog } from './schema-log.js';

/** What became of a proposal, as the service tells it. */
export function proposalMessage({ state, proposedAt, decidedAt }: SchemaLog, record: ProposalRecord): ProposalState {
  const { proposal: { id, anomaly }, runId, pipeline, schemaVersion, decision } = record;
  const status = proposalStatus(record, state.schema);
  const [proposed, decided] = [proposedAt.get(id), decidedAt.get(id)];
  return create(ProposalStateSchema, {
    id, runId, pipeline, schemaVersion, status, advice: status === 'finding' ? adviceFor(anomaly) : '',
    ...(anomaly && { anomaly }), change: anomaly?.change ? describeChange(anomaly.change) : '',
    ...(proposed !== undefined && { proposedAt: timestampFromMs(proposed) }),
    ...(decision && { actor: decision.actor, reason: decision.reason }), ...(decided !== undefined && { decidedAt: timestampFromMs(decided) }),
  });
}
