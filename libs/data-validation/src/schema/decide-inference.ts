import { event, SchemaInferredSchema, type DataSchema, type SchemaEvent } from '@refit/contracts';
import { isKnown, type SchemaState } from './schema-state.js';

export interface InferSchema {
  readonly schema: DataSchema;
  readonly referenceStatisticsHash: string;
  readonly referenceSnapshotHash?: string;
  readonly referenceRows: number;
  readonly runId: string;
}

/** The first inference counts: whoever comes later, this run again included, takes what is there. */
export const decideInference = (state: SchemaState, command: InferSchema): readonly SchemaEvent[] =>
  isKnown(state) ? [] : [event(SchemaInferredSchema, { version: 1, ...command })];
