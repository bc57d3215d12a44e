import { canonicalJson, type DataSchema, type SchemaChange } from '@refit/contracts';
import { applyChange } from './apply-change.js';
import type { ProposalRecord } from './schema-state.js';

/**
 * open: a person can accept or reject it. finding: no change of the schema accepts it, so that something else is to be done.
 * dropped: it was accepted, and a later version of the schema does not say it any more. covered: nobody decided on it, and the
 * schema accepts it by now. superseded: it was undecided when the dataset got a new reference.
 */
export const proposalStatuses = ['open', 'finding', 'accepted', 'rejected', 'dropped', 'covered', 'superseded'] as const;
export type ProposalStatus = (typeof proposalStatuses)[number];

export function proposalStatus({ decision, supersededBy, proposal }: ProposalRecord, schema: DataSchema): ProposalStatus {
  const change = proposal.anomaly?.change;
  if (decision) return decision.accepted ? (change && isInForce(schema, change) ? 'accepted' : 'dropped') : 'rejected';
  if (supersededBy !== undefined) return 'superseded';
  if (!change) return 'finding';
  return saysAlready(schema, change) ? 'covered' : 'open';
}

/** Whether the schema says what was accepted. Of a column that it does not have it says nothing. */
export const isInForce = (schema: DataSchema, change: SchemaChange): boolean =>
  saysAlready(schema, change) && (isOfNoColumn(change) || schema.columns.some(({ name }) => name === change.column));

const isOfNoColumn = ({ change }: SchemaChange) => change.case === 'removeColumn' || change.case === 'tolerate';

const saysAlready = (schema: DataSchema, change: SchemaChange) => canonicalJson(applyChange(schema, change)) === canonicalJson(schema);
