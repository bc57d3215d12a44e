import { canonicalJson, ChangesProposedSchema, event, FindingSeverity, sha256, type Anomaly, type Proposal, type SchemaEvent } from '@refit/contracts';
import { isKnown, type KnownSchema, type SchemaState } from './schema-state.js';

/** What a run's data gate has found. */
export interface ProposeChanges {
  readonly runId: string;
  readonly pipeline: string;
  /** Those that fit into an event. */
  readonly anomalies: readonly Anomaly[];
  readonly refused: readonly { readonly name: string; readonly version: number }[];
}

/**
 * Each anomaly that is worth a warning or a failure, once for each run; a warning that wants the same of the schema as one
 * that people know, whatever they made of it, is not proposed again. A refused batch has its own failures against it,
 * and those of the window where it was in one that failed.
 */
export function decideProposals(state: SchemaState, { runId, pipeline, anomalies, refused }: ProposeChanges): readonly SchemaEvent[] {
  if (!isKnown(state) || state.proposedBy.has(runId)) return [];
  const worth = news(state, anomalies.filter(({ severity }) => severity === FindingSeverity.WARNING || severity === FindingSeverity.FAILURE));
  if (worth.length === 0) return [];
  const proposals = withIds(runId, worth, new Set(state.proposals.keys()));
  const failures = proposals.filter(({ anomaly }) => anomaly.severity === FindingSeverity.FAILURE);
  return [event(ChangesProposedSchema, {
    runId, pipeline, schemaVersion: state.version, proposals,
    refusedBatches: refused.map(({ name, version }) => ({
      name, version, failures: failures.filter(({ anomaly: { batch } }) => batch === name || batch === '').map(({ id }) => id),
    })),
  })];
}

/** Failures stand against their batch, each by itself. */
function news({ proposals }: KnownSchema, anomalies: readonly Anomaly[]): readonly Anomaly[] {
  const known = new Set([...proposals.values()].flatMap(({ proposal, supersededBy }) => (proposal.anomaly && supersededBy === undefined ? [wanted(proposal.anomaly)] : [])));
  return anomalies.filter((anomaly) => {
    const isKnownAlready = anomaly.severity === FindingSeverity.WARNING && anomaly.change !== undefined && known.has(wanted(anomaly));
    known.add(wanted(anomaly));
    return !isKnownAlready;
  });
}

const wanted = ({ kind, column, change }: Anomaly) => canonicalJson([kind, column, change ?? null]);

type IdentifiedAnomaly = Pick<Proposal, 'id'> & { readonly anomaly: Anomaly };

const shortestId = 8;

/** Of what was found where; the same findings of the same run have the same ids. */
function withIds(runId: string, anomalies: readonly Anomaly[], taken: Set<string>): IdentifiedAnomaly[] {
  return anomalies.map((anomaly, i) => {
    const { batch, column, kind } = anomaly;
    const hash = sha256(canonicalJson([runId, i, batch, column, kind]));
    let length = shortestId;
    while (taken.has(hash.slice(0, length))) length++;
    const id = hash.slice(0, length);
    taken.add(id);
    return { id, anomaly };
  });
}
