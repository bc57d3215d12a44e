import type { ChangesProposed, DataSchema, Proposal, ProposalsDecided, ReferenceReplaced, SchemaInferred, SchemaEvent } from '@refit/contracts';

/** The schema of a dataset, the data it was inferred from, and what gates have found against it: the fold of stream schema-<dataset>. */
export type SchemaState = { readonly version: 0 } | KnownSchema;

export interface KnownSchema {
  readonly version: number;
  readonly schema: DataSchema;
  /** Artifact. */
  readonly referenceStatisticsHash: string;
  /** Artifact: the data itself; absent where an older version inferred the schema. */
  readonly referenceSnapshotHash?: string;
  /** The run whose data it was. */
  readonly runId: string;
  /** By id, as they were proposed. */
  readonly proposals: ReadonlyMap<string, ProposalRecord>;
  readonly refusals: readonly Refusal[];
  /** Runs whose findings are among the proposals, and those whose accepted batches have widened ranges. */
  readonly proposedBy: ReadonlySet<string>;
  readonly learnedFrom: ReadonlySet<string>;
}

export interface ProposalRecord {
  readonly proposal: Proposal;
  readonly runId: string;
  readonly pipeline: string;
  /** That the data was judged by. */
  readonly schemaVersion: number;
  readonly decision?: { readonly accepted: boolean; readonly actor: string; readonly reason: string };
  /** The schema version with the new reference; it was open then. */
  readonly supersededBy?: number;
}

/** A batch that a run's gate has refused. */
export interface Refusal {
  readonly runId: string;
  readonly pipeline: string;
  readonly batch: string;
  readonly version: number;
  /** Ids of proposals. */
  readonly failures: readonly string[];
  /** Why it may be judged again. */
  readonly cleared?: { readonly actor: string; readonly reason: string };
}

export const isKnown = (state: SchemaState): state is KnownSchema => state.version > 0;

export const schemaDecider = {
  initialState: { version: 0 } as SchemaState, // wider than the literal's type
  evolve: (state: SchemaState, e: SchemaEvent): SchemaState => {
    if (e.$typeName === 'refit.schema.v1.SchemaInferred') return inferred(state, e);
    return isKnown(state) ? evolveKnown(state, e) : state;
  },
};

function inferred(state: SchemaState, { version, schema, referenceStatisticsHash, referenceSnapshotHash, runId }: SchemaInferred): SchemaState {
  if (!schema) return state;
  return {
    version, schema, referenceStatisticsHash, runId, ...(referenceSnapshotHash !== '' && { referenceSnapshotHash }),
    proposals: new Map(), refusals: [], proposedBy: new Set(), learnedFrom: new Set(),
  };
}

function evolveKnown(state: KnownSchema, e: SchemaEvent): KnownSchema {
  switch (e.$typeName) {
    case 'refit.validation.v1.ChangesProposed':
      return proposed(state, e);
    case 'refit.validation.v1.ProposalsDecided':
      return decided(state, e);
    case 'refit.validation.v1.SchemaChanged':
      return e.schema ? { ...state, version: e.version, schema: e.schema, learnedFrom: e.runId === '' ? state.learnedFrom : new Set(state.learnedFrom).add(e.runId) } : state;
    case 'refit.validation.v1.ReferenceReplaced':
      return replaced(state, e);
    case 'refit.validation.v1.BatchCleared':
      return { ...state, refusals: state.refusals.map((refusal) => (isOf(refusal, e) ? { ...refusal, cleared: { actor: e.actor, reason: e.reason } } : refusal)) };
    default:
      return state;
  }
}

const isOf = (refusal: Refusal, { batch, version, runId }: Pick<Refusal, 'batch' | 'version' | 'runId'>) =>
  refusal.batch === batch && refusal.version === version && refusal.runId === runId;

function proposed(state: KnownSchema, { runId, pipeline, schemaVersion, proposals, refusedBatches }: ChangesProposed): KnownSchema {
  const added = proposals.map((proposal): [string, ProposalRecord] => [proposal.id, { proposal, runId, pipeline, schemaVersion }]);
  return {
    ...state,
    proposals: new Map([...state.proposals, ...added]),
    refusals: [...state.refusals, ...refusedBatches.map(({ name: batch, version, failures }) => ({ runId, pipeline, batch, version, failures }))],
    proposedBy: new Set(state.proposedBy).add(runId),
  };
}

function decided(state: KnownSchema, { ids, accepted, actor, reason }: ProposalsDecided): KnownSchema {
  const proposals = new Map(state.proposals);
  for (const id of ids) {
    const record = proposals.get(id);
    if (record) proposals.set(id, { ...record, decision: { accepted, actor, reason } });
  }
  return { ...state, proposals };
}

function replaced(state: KnownSchema, { version, schema, referenceStatisticsHash, referenceSnapshotHash, runId }: ReferenceReplaced): KnownSchema {
  if (!schema) return state;
  const proposals = new Map([...state.proposals].map(([id, record]): [string, ProposalRecord] => [id, record.decision || record.supersededBy !== undefined ? record : { ...record, supersededBy: version }]));
  return { ...state, version, schema, referenceStatisticsHash, referenceSnapshotHash, runId, proposals };
}
