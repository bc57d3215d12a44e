import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import { create } from '@bufbuild/protobuf';
import { decodeEvent, RefitError, schemaStream, SchemaVersionSchema, type SchemaEvent, type SchemaVersion } from '@refit/contracts';
import { isKnown, schemaDecider, type KnownSchema, type SchemaState } from '@refit/data-validation';
import type { EventStore } from '@refit/event-store';

/** All that the stream of a dataset's schema tells: what is, and when it came to be. */
export interface SchemaLog {
  readonly state: KnownSchema;
  /** The oldest first. */
  readonly versions: readonly SchemaVersion[];
  /** By id of a proposal, in milliseconds since 1970, by the store's clock. */
  readonly proposedAt: ReadonlyMap<string, number>;
  readonly decidedAt: ReadonlyMap<string, number>;
}

/** @throws RefitError SCHEMA_NOT_FOUND */
export async function readSchemaLog(store: EventStore, dataset: string): Promise<SchemaLog> {
  let state: SchemaState = schemaDecider.initialState;
  const versions: SchemaVersion[] = [];
  const [proposedAt, decidedAt] = [new Map<string, number>(), new Map<string, number>()];
  for await (const recorded of store.readStream(schemaStream(dataset))) {
    const event = decodeEvent(recorded) as SchemaEvent | undefined; // the stream holds no other
    if (!event) continue;
    state = schemaDecider.evolve(state, event);
    const { recordedAt } = recorded;
    if (event.$typeName === 'refit.validation.v1.ChangesProposed') for (const { id } of event.proposals) proposedAt.set(id, recordedAt);
    if (event.$typeName === 'refit.validation.v1.ProposalsDecided') for (const id of event.ids) decidedAt.set(id, recordedAt);
    const version = versionMade(event, versions.at(-1));
    if (version) versions.push(create(SchemaVersionSchema, { ...version, recordedAt: timestampFromMs(recordedAt) }));
  }
  return { state: requireKnown(state, dataset), versions, proposedAt, decidedAt };
}

/** @throws RefitError SCHEMA_NOT_FOUND */
export function requireKnown(state: SchemaState, dataset: string): KnownSchema {
  if (isKnown(state)) return state;
  throw new RefitError('SCHEMA_NOT_FOUND', `dataset ${dataset.slice(0, 70)} has no schema: the first data that a pipeline on it accepts makes one`);
}

/** The version that an event made; one that changed something has the reference of the one before. */
function versionMade(event: SchemaEvent, before: SchemaVersion | undefined) {
  const said = (e: { readonly version: number; readonly schema?: SchemaVersion['schema'] }) => ({ version: e.version, ...(e.schema && { schema: e.schema }) });
  switch (event.$typeName) {
    case 'refit.schema.v1.SchemaInferred': {
      const { referenceStatisticsHash, referenceSnapshotHash, referenceRows, runId } = event;
      return { ...said(event), origin: 'inferred', referenceStatisticsHash, referenceSnapshotHash, referenceRows, runId };
    }
    case 'refit.validation.v1.ReferenceReplaced': {
      const { referenceStatisticsHash, referenceSnapshotHash, referenceRows, batch, runId, actor, reason } = event;
      return { ...said(event), origin: 'reference', referenceStatisticsHash, referenceSnapshotHash, referenceRows, batch, runId, actor, reason };
    }
    case 'refit.validation.v1.SchemaChanged': {
      const { referenceStatisticsHash = '', referenceSnapshotHash = '', referenceRows = 0 } = before ?? {};
      const { proposals, runId, actor, reason } = event;
      return { ...said(event), origin: runId === '' ? 'accepted' : 'learned', referenceStatisticsHash, referenceSnapshotHash, referenceRows, proposals, runId, actor, reason };
    }
    default:
      return undefined;
  }
}
