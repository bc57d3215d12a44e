import { event, ReferenceReplacedSchema, type DataSchema, type SchemaEvent } from '@refit/contracts';
import { clear } from './decide-on-proposals.js';
import { outliveReference } from './outlive-reference.js';
import type { KnownSchema, Refusal } from './schema-state.js';

export interface ReplaceReference {
  /** As inferred from the new reference. */
  readonly schema: DataSchema;
  readonly referenceStatisticsHash: string;
  readonly referenceSnapshotHash: string;
  readonly referenceRows: number;
  /** name@version; empty: the window of the run. */
  readonly batch: string;
  readonly runId: string;
  readonly actor: string;
  readonly reason: string;
  /** What people have accepted that is not to outlive the old reference, as in `outliveReference`. */
  readonly drop?: readonly string[];
}

/**
 * What is expected from now on is what this data is like, and what people have accepted, as far as it outlives the old
 * reference. Batches that were refused are judged again, unless a person has rejected what was found in them. The reference
 * that it is already changes nothing, unless a decision is to be dropped.
 *
 * @throws RefitError PROPOSAL_NOT_FOUND
 */
export function decideReference(state: KnownSchema, { schema: inferred, drop = [], ...reference }: ReplaceReference): readonly SchemaEvent[] {
  const { schema } = outliveReference(state, inferred, drop);
  if (state.referenceSnapshotHash === reference.referenceSnapshotHash && drop.length === 0) return [];
  const { actor, reason } = reference;
  return [
    event(ReferenceReplacedSchema, { version: state.version + 1, schema, ...reference }),
    ...clear(state.refusals.filter((refusal) => !refusal.cleared && !isRejected(state, refusal)), { actor, reason }),
  ];
}

const isRejected = ({ proposals }: KnownSchema, { failures }: Refusal) => failures.some((id) => proposals.get(id)?.decision?.accepted === false);
