import { event, SchemaInferredSchema, type DataSchema, type SchemaEvent } from '@refit/contracts';

/** The schema of a dataset and the data it was inferred from: the fold of stream schema-<dataset>. */
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
}

export interface InferSchema {
  readonly schema: DataSchema;
  readonly referenceStatisticsHash: string;
  readonly referenceSnapshotHash?: string;
  readonly referenceRows: number;
  readonly runId: string;
}

export const isKnown = (state: SchemaState): state is KnownSchema => state.version > 0;

/** The first inference counts: whoever comes later, this run again included, takes what is there. */
export const decideInference = (state: SchemaState, command: InferSchema): readonly SchemaEvent[] =>
  isKnown(state) ? [] : [event(SchemaInferredSchema, { version: 1, ...command })];

export const schemaDecider = {
  initialState: { version: 0 } as SchemaState, // wider than the literal's type
  evolve: (state: SchemaState, e: SchemaEvent): SchemaState => {
    if (e.$typeName !== 'refit.schema.v1.SchemaInferred' || !e.schema) return state;
    const { version, schema, referenceStatisticsHash, referenceSnapshotHash, runId } = e;
    return { version, schema, referenceStatisticsHash, runId, ...(referenceSnapshotHash !== '' && { referenceSnapshotHash }) };
  },
};
