import type { PipelineSpec, RunEvent, Step } from '@refit/contracts';
import type { RunState } from '@refit/run';

/** What the work of a step is given. */
export interface StepContext {
  readonly runId: string;
  /** The run so far: what was requested, and the outcome of each earlier step. */
  readonly run: RunState;
  /** The pipeline as it was when the run started. */
  readonly spec: PipelineSpec;
  readonly attempt: number;
  /** Id of the event that made this step due. */
  readonly causationId: string;
  /** Aborted on cancel, timeout, lost lease and shutdown: stop at once, write nothing more. */
  readonly signal: AbortSignal;
  /** Kept as the run's bounded progress record, at most a few times a second. */
  progress(fraction: number, message: string): void;
  /** Milliseconds since 1970. */
  now(): number;
}

/**
 * One step of the saga. The engine claims it when it is due, gives it a slot, and appends what it returns: the outcome
 * event of the step and, before it, any alerts; what ends the run is added by `@refit/run`.
 *
 * A step may be executed again after a crash, so a write to another stream is guarded by that stream's own fold.
 * Thrown RefitErrors are classified by their category ('unavailable' is retried, the rest fail the run); any other error
 * is unclassified and poisons the run the third time.
 */
export interface StepHandler {
  readonly step: Step;
  /** How many of these this instance does at once. */
  readonly slots?: number;
  readonly timeoutMs?: number;
  work(context: StepContext): Promise<readonly RunEvent[]>;
}
