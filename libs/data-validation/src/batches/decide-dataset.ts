import {
  BatchIngestedSchema, BatchJudgedSchema, BatchReopenedSchema, event, WindowFrozenSchema,
  type Batch, type DatasetEvent, type Snapshot,
} from '@refit/contracts';
import { nameOf, standingOf, type BatchVersion, type DatasetState } from './dataset-state.js';

/** A file with data, on its way into a dataset. */
export interface Delivery {
  readonly batch: Batch;
  /** SHA-256 of the file. */
  readonly sourceHash: string;
  /** Somebody announced it; false: it was found where the pipeline looks. */
  readonly announced: boolean;
  readonly pipeline: string;
  readonly runId: string;
}

/**
 * Whether a delivery brings something: a new batch, or other content under a known name, which replaces the batch. The
 * same content again brings nothing, unless the batch was refused and somebody delivers it again on purpose.
 */
export function isNews(state: DatasetState, { batch, sourceHash, announced, pipeline, runId }: Delivery): boolean {
  const newest = state.batches.get(batch.name)?.versions.at(-1);
  if (!newest || newest.ingested.sourceHash !== sourceHash) return true;
  return announced && standingOf(newest, pipeline) === 'rejected' && newest.ingested.runId !== runId;
}

/** Whether this run has taken in this delivery: it executes its step again, and the file may be gone by now. */
export const isTakenIn = (state: DatasetState, batch: Batch, runId: string): boolean =>
  state.batches.get(batch.name)?.versions.some(({ ingested }) => ingested.runId === runId && ingested.batch?.uri === batch.uri) ?? false;

/** Whether an earlier run, which did not come to its end, has frozen just this delivery: its file is not needed any more. */
export function isFrozen(state: DatasetState, { uri, name, rows }: Batch): boolean {
  const known = state.batches.get(name)?.versions.at(-1)?.ingested.batch;
  return known !== undefined && known.uri === uri && known.rows === rows;
}

export interface Ingestion extends Delivery {
  readonly snapshot: Snapshot;
  /** Of the time column, milliseconds since 1970. */
  readonly time?: { readonly from: number; readonly until: number };
  readonly malformedRows: number;
  readonly malformedLines: readonly number[];
}

export function decideIngestion(state: DatasetState, ingestion: Ingestion): readonly DatasetEvent[] {
  if (!isNews(state, ingestion)) return [];
  const { batch, sourceHash, snapshot, runId, time, malformedRows, malformedLines } = ingestion;
  const version = (state.batches.get(batch.name)?.versions.length ?? 0) + 1;
  return [event(BatchIngestedSchema, {
    batch, version, snapshot, runId, sourceHash, malformedRows, malformedLines: [...malformedLines],
    ...(time && { timeFrom: time.from, timeUntil: time.until }),
  })];
}

/** What a run's data gate said of a batch that was new to its pipeline. */
export interface Judgement {
  readonly batch: BatchVersion;
  readonly accepted: boolean;
  readonly runId: string;
  readonly reason: string;
}

/** Records judgements of a pipeline's gate, each batch version's once, but for those that a person has overruled. */
export function decideJudgements(state: DatasetState, pipeline: string, judgements: readonly Judgement[]): readonly DatasetEvent[] {
  return judgements
    .filter(({ batch, runId }) => {
      const known = state.batches.get(nameOf(batch))?.versions[batch.ingested.version - 1];
      return known !== undefined && standingOf(known, pipeline) === 'pending' && !known.overruled?.has(runId);
    })
    .map(({ batch, accepted, runId, reason }) => event(BatchJudgedSchema, {
      batch: nameOf(batch), version: batch.ingested.version, pipeline, accepted, runId, actor: `pipeline ${pipeline}`, reason,
    }));
}

/** A batch that a person has accepted what a run refused it for. */
export interface Reopening {
  readonly batch: string;
  readonly version: number;
  readonly pipeline: string;
  /** The run that refused it. */
  readonly runId: string;
  readonly actor: string;
  readonly reason: string;
}

/** The newest versions of batches whose refusal still stands: of one that another run has judged since, its judgement counts. */
export const decideReopenings = (state: DatasetState, reopenings: readonly Reopening[]): readonly DatasetEvent[] =>
  reopenings
    .filter(({ batch, version, pipeline, runId }) => {
      const newest = state.batches.get(batch)?.versions.at(-1);
      const judgement = newest?.judgements.get(pipeline);
      return newest?.ingested.version === version && judgement !== undefined && !judgement.accepted && judgement.runId === runId;
    })
    .map(({ batch, version, pipeline, runId, actor, reason }) => event(BatchReopenedSchema, { batch, version, pipeline, runId, actor, reason }));

export interface FreezeWindow {
  readonly runId: string;
  readonly snapshot: Snapshot;
  readonly batches: readonly string[];
  readonly excludedBatches: readonly string[];
}

/** One window per run. */
export const decideWindow = (state: DatasetState, { runId, snapshot, batches, excludedBatches }: FreezeWindow): readonly DatasetEvent[] =>
  state.windows.has(runId)
    ? []
    : [event(WindowFrozenSchema, { version: state.version + 1, runId, snapshot, batches: [...batches], excludedBatches: [...excludedBatches] })];
