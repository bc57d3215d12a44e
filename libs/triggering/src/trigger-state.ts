import type { Batch, PipelineSpec, Reason } from '@refit/contracts';
import type { BackfillState } from './backfill/backfill-state.js';

/** A reason that waits for a run of its own. */
export interface Queued {
  readonly reason: Reason;
  /** Milliseconds since 1970, when its debounce is over; 0: it only waits for its turn. */
  readonly dueAt: number;
}

/** Who wants an open run cancelled, and why. */
export interface Stop {
  readonly actor: string;
  readonly reason: string;
}

/** What the deciders see of a pipeline's trigger stream. Keys of reasons are `reasonKey`s. */
export interface TriggerView {
  /** The reasons that were judged last, a hundred thousand or more, with the run each led to ('' while there is none). */
  readonly handled: ReadonlyMap<string, string>;
  /** Batches that no run has taken, by name, in the order of their first arrival. */
  readonly pending: ReadonlyMap<string, Batch>;
  readonly pendingRows: number;
  readonly queue: ReadonlyMap<string, Queued>;
  /** Data arrivals that share the run of a queued one. */
  readonly joined: ReadonlyMap<string, Reason>;
  /** Open runs with the batches they were given. */
  readonly open: ReadonlyMap<string, readonly Batch[]>;
  /** Runs that ended before they took their batches, with those batches. */
  readonly returned: ReadonlyMap<string, readonly Batch[]>;
  /** How often a run was revived. */
  readonly reopenings: ReadonlyMap<string, number>;
  /** Milliseconds since 1970. Backfills do not count. */
  readonly lastStartedAt: number | undefined;
  /** Open runs that are to be cancelled. */
  readonly stopping: ReadonlyMap<string, Stop>;
  /** By `scheduleKey`: its occurrences up to this time are dealt with, in milliseconds since 1970. */
  readonly scheduled: ReadonlyMap<string, number>;
  /** By id, in the order in which they were asked for. */
  readonly backfills: ReadonlyMap<string, BackfillState>;
  /** The backfill to whose runs the reason of a span belongs, by the reason's key. */
  readonly spans: ReadonlyMap<string, string>;
  /** Runs of backfills, with the keys of their reasons. */
  readonly backfilling: ReadonlyMap<string, string>;
  /** How far each place that numbers its messages (a Kafka partition) was received: the last of them that told a reason. */
  readonly received: ReadonlyMap<string, number>;
}

/**
 * The state of a trigger stream. It belongs to one fold, which changes it in place: a pipeline may see a hundred thousand
 * reasons, and a copy per event would cost a square of that.
 */
export interface TriggerState extends TriggerView {
  readonly handled: Map<string, string>;
  readonly pending: Map<string, Batch>;
  pendingRows: number;
  readonly queue: Map<string, Queued>;
  readonly joined: Map<string, Reason>;
  readonly open: Map<string, readonly Batch[]>;
  readonly returned: Map<string, readonly Batch[]>;
  readonly reopenings: Map<string, number>;
  lastStartedAt: number | undefined;
  readonly stopping: Map<string, Stop>;
  readonly scheduled: Map<string, number>;
  readonly backfills: Map<string, BackfillState>;
  readonly spans: Map<string, string>;
  readonly backfilling: Map<string, string>;
  readonly received: Map<string, number>;
}

export const emptyTriggerState = (): TriggerState => ({
  handled: new Map(), pending: new Map(), pendingRows: 0, queue: new Map(), joined: new Map(), open: new Map(), returned: new Map(),
  reopenings: new Map(), lastStartedAt: undefined, stopping: new Map(), scheduled: new Map(),
  backfills: new Map(), spans: new Map(), backfilling: new Map(), received: new Map(),
});

/** The pipeline as it stands now. */
export interface PipelineNow {
  readonly spec: PipelineSpec;
  readonly specVersion: number;
  readonly specHash: string;
  readonly paused: boolean;
}
