import { canonicalJson, type DataSchema } from '@refit/contracts';
import { applyChange } from './apply-change.js';
import type { ProposalRecord } from './schema-state.js';

/** covered: nobody decided on it, and the schema accepts it by now. superseded: it was open when the dataset got a new reference. */
export const proposalStatuses = ['open', 'accepted', 'rejected', 'covered', 'superseded'] as const;
export type ProposalStatus = (typeof proposalStatuses)[number];

export function proposalStatus({ decision, supersededBy, proposal }: ProposalRecord, schema: DataSchema): ProposalStatus {
  if (decision) return decision.accepted ? 'accepted' : 'rejected';
  if (supersededBy !== undefined) return 'superseded';
  const change = proposal.anomaly?.change;
  return change && canonicalJson(applyChange(schema, change)) === canonicalJson(schema) ? 'covered' : 'open';
}
