import type { BatchIngested, BatchJudged, WindowFrozen } from '@refit/contracts';

/** The batches of a dataset and the windows frozen over them: the fold of stream dataset-<name>. */
export interface DatasetState {
  /** Of the dataset: how many windows were frozen. */
  readonly version: number;
  /** By name, in the order in which they first arrived. */
  readonly batches: ReadonlyMap<string, BatchState>;
  /** By run. */
  readonly windows: ReadonlyMap<string, WindowFrozen>;
}

/** Each version replaces the one before. */
export interface BatchState {
  readonly versions: readonly BatchVersion[];
}

export interface BatchVersion {
  readonly ingested: BatchIngested;
  /** The last one by pipeline. */
  readonly judgements: ReadonlyMap<string, BatchJudged>;
  /** Runs whose refusal a person has overruled. */
  readonly overruled?: ReadonlySet<string>;
}

export type BatchStanding = 'pending' | 'accepted' | 'rejected';

/** A pipeline's own view of a batch: each pipeline has its own gate. */
export function standingOf({ judgements }: BatchVersion, pipeline: string): BatchStanding {
  const judgement = judgements.get(pipeline);
  if (!judgement) return 'pending';
  return judgement.accepted ? 'accepted' : 'rejected';
}

export const nameOf = ({ ingested }: BatchVersion): string => ingested.batch?.name ?? '';

/** "week-05@2" */
export const labelOf = (batch: BatchVersion): string => `${nameOf(batch)}@${batch.ingested.version}`;

/** The batch version that a label names. */
export function findBatch(state: DatasetState, label: string): BatchVersion | undefined {
  const at = label.lastIndexOf('@');
  return state.batches.get(label.slice(0, at))?.versions[Number(label.slice(at + 1)) - 1];
}

/** The newest version of each batch, in order of arrival. */
export const newestVersions = (state: DatasetState): readonly BatchVersion[] => [...state.batches.values()].flatMap(({ versions }) => versions.at(-1) ?? []);

/**
 * Oldest data first: by the newest time in each batch where all of them have one, else in order of arrival.
 */
export function inTimeOrder(batches: readonly BatchVersion[]): readonly BatchVersion[] {
  const until = (batch: BatchVersion) => batch.ingested.timeUntil;
  if (batches.some((batch) => until(batch) === undefined)) return batches;
  return [...batches].sort((a, b) => (until(a) ?? 0) - (until(b) ?? 0));
}
