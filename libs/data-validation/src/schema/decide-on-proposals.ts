import { BatchClearedSchema, canonicalJson, DataSchemaSchema, didYouMean, event, ProposalsDecidedSchema, RefitError, SchemaChangedSchema, type DataSchema, type SchemaEvent } from '@refit/contracts';
import { adviceFor } from './advice.js';
import { applyChange } from './apply-change.js';
import { proposalStatus } from './proposal-status.js';
import type { KnownSchema, ProposalRecord, Refusal } from './schema-state.js';

export interface DecideOnProposals {
  readonly ids: readonly string[];
  readonly accepted: boolean;
  readonly actor: string;
  readonly reason: string;
}

/**
 * A person's decision, on all of these proposals or on none. The same decision by the same person again changes nothing.
 * What is accepted makes a new version of the schema; a refused batch that nothing stands against any more is cleared.
 *
 * @throws RefitError PROPOSAL_NOT_FOUND; PROPOSAL_DECIDED, with who did; REQUEST_INVALID for one that no change would accept
 */
export function decideOnProposals(state: KnownSchema, command: DecideOnProposals): readonly SchemaEvent[] {
  const undecided = [...new Set(command.ids)].map((id) => [id, find(state, id)] as const).filter(([id, record]) => !isDone(id, record, command));
  if (undecided.length === 0) return [];
  const { accepted, actor, reason } = command;
  const ids = undecided.map(([id]) => id);
  const decided = event(ProposalsDecidedSchema, { ids, accepted, actor, reason });
  if (!accepted) return [decided];
  const accepting = undecided.reduce((changed, [id, record]) => accept(changed, id, record), state.schema);
  const schema = withOrigin(accepting, state.schema, { actor, reason, sinceVersion: state.version + 1 });
  const isChanged = canonicalJson(schema) !== canonicalJson(state.schema);
  const cleared = state.refusals.filter((refusal) => !refusal.cleared && refusal.failures.length > 0 && standingAgainst(state, refusal, { schema, accepted: ids }).length === 0);
  return [
    decided,
    ...(isChanged ? [event(SchemaChangedSchema, { version: state.version + 1, schema, proposals: ids, actor, reason })] : []),
    ...clear(cleared, { actor, reason }),
  ];
}

function find({ proposals }: KnownSchema, id: string): ProposalRecord {
  const record = proposals.get(id);
  if (!record) throw new RefitError('PROPOSAL_NOT_FOUND', `there is no proposal ${id.slice(0, 70)}.${didYouMean(id, [...proposals.keys()])} See: refit data schema list`);
  return record;
}

/** @throws RefitError PROPOSAL_DECIDED where it was decided otherwise, or by somebody else */
function isDone(id: string, { decision, supersededBy }: ProposalRecord, { accepted, actor }: DecideOnProposals): boolean {
  if (decision?.accepted === accepted && decision.actor === actor) return true;
  if (decision) throw new RefitError('PROPOSAL_DECIDED', `proposal ${id} was ${decision.accepted ? 'accepted' : 'rejected'} by ${decision.actor}${decision.reason === '' ? '' : `: ${decision.reason}`}`);
  if (supersededBy !== undefined) throw new RefitError('PROPOSAL_DECIDED', `proposal ${id} was made against an older reference; version ${supersededBy} of the schema has a new one`);
  return false;
}

function accept(schema: DataSchema, id: string, { proposal: { anomaly } }: ProposalRecord): DataSchema {
  if (!anomaly?.change) throw new RefitError('REQUEST_INVALID', `proposal ${id} cannot be accepted: no change of the schema would let it pass; ${adviceFor(anomaly)}`);
  return applyChange(schema, anomaly.change);
}

/** Whatever is let pass now, and was not before, says since when, by whom and why. */
function withOrigin(schema: DataSchema, before: DataSchema, origin: { readonly actor: string; readonly reason: string; readonly sinceVersion: number }): DataSchema {
  const known = new Set(before.tolerated.map((tolerance) => canonicalJson(tolerance)));
  return event(DataSchemaSchema, { ...schema, tolerated: schema.tolerated.map((tolerance) => (known.has(canonicalJson(tolerance)) ? tolerance : { ...tolerance, ...origin })) });
}

/** What a batch was refused for that is neither accepted nor accepted by the schema in the meantime: ids of proposals. */
export function standingAgainst({ proposals }: KnownSchema, { failures }: Refusal, { schema, accepted = [] }: { readonly schema: DataSchema; readonly accepted?: readonly string[] }): readonly string[] {
  return failures.filter((id) => {
    const record = proposals.get(id);
    return !accepted.includes(id) && !(record && ['accepted', 'covered'].includes(proposalStatus(record, schema)));
  });
}

export const clear = (refusals: readonly Refusal[], by: { readonly actor: string; readonly reason: string }): readonly SchemaEvent[] =>
  refusals.map(({ batch, version, pipeline, runId }) => event(BatchClearedSchema, { batch, version, pipeline, runId, ...by }));
