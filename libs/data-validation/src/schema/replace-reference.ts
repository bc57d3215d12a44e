import { DataSchemaSchema, event, ReferenceReplacedSchema, type DataSchema, type SchemaEvent } from '@refit/contracts';
import { clear } from './decide-on-proposals.js';
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
}

/**
 * What is expected from now on is what this data is like. Of what people have decided, what values do not tell stays:
 * environments, and kinds of anomalies that are let pass, but for drift, which is from another reference now. Batches that
 * were refused are judged again, unless a person has rejected what was found in them. The reference that it is already
 * changes nothing.
 */
export function decideReference(state: KnownSchema, { schema, ...reference }: ReplaceReference): readonly SchemaEvent[] {
  if (state.referenceSnapshotHash === reference.referenceSnapshotHash) return [];
  const { actor, reason } = reference;
  return [
    event(ReferenceReplacedSchema, { version: state.version + 1, schema: withDecisions(schema, state.schema), ...reference }),
    ...clear(state.refusals.filter((refusal) => !refusal.cleared && !isRejected(state, refusal)), { actor, reason }),
  ];
}

const isRejected = ({ proposals }: KnownSchema, { failures }: Refusal) => failures.some((id) => proposals.get(id)?.decision?.accepted === false);

function withDecisions(inferred: DataSchema, before: DataSchema): DataSchema {
  const known = new Map(before.columns.map((rule) => [rule.name, rule]));
  return event(DataSchemaSchema, {
    columns: inferred.columns.map((rule) => ({ ...rule, environments: known.get(rule.name)?.environments ?? [] })),
    tolerated: before.tolerated.filter(({ kind }) => !kind.startsWith('COMPARATOR_')),
  });
}
