import { timestampMs } from '@bufbuild/protobuf/wkt';
import { v7 as uuid } from 'uuid';
import { isRefitError, RefitError, runStream, type RunEvent } from '@refit/contracts';
import type { EventStore } from '@refit/event-store';
import { decideClaim, decideFailure, decideSettle, instanceStopped, runDecider, stepName, type RunState, type WorkingRun } from '@refit/run';
import { classifyError, type Classified } from './classify-error.js';
import { handle, type Loaded } from './command-handling.js';
import { doStep } from './do-step.js';
import type { SagaLogger } from './logger.js';
import type { SpecReader } from './pipeline-specs.js';
import type { StepHandler } from './step.js';

export interface StepRunnerOptions {
  readonly store: EventStore;
  readonly specs: SpecReader;
  readonly instanceId: string;
  readonly logger: SagaLogger;
  /** Before the first retry; doubles with each. */
  readonly retryDelayMs?: number;
}

/** Why work was aborted, as the abort signal's reason. */
export type AbortReason = 'cancelled' | 'stopped';

export interface Assignment {
  readonly runId: string;
  readonly handler: StepHandler;
  /** A dead instance's lease, to be taken over. */
  readonly takeOver: string | undefined;
  readonly aborted: AbortSignal;
}

const stopped: Classified = { code: instanceStopped, message: 'the instance was stopped', retryable: true, unclassified: false };

/** Claims a step at the run's exact revision, does its work, and appends the outcome if the lease is still the run's. */
export class StepRunner {
  constructor(private readonly options: StepRunnerOptions) {}

  /** Returns when the step may be tried again (milliseconds since 1970), if it failed so. */
  async run(assignment: Assignment): Promise<number | undefined> {
    const leaseId = uuid();
    const claimed = await this.#claim(assignment, leaseId);
    if (!claimed) return undefined;
    const { runId, handler, aborted } = assignment;
    const causationId = claimed.lastEventId;
    try {
      const events = await doStep(this.options, handler, runId, claimed.state, causationId, aborted);
      await this.#append(assignment, causationId, (state) => decideSettle(state, { leaseId, events, now: Date.now() }), claimed);
      return undefined;
    } catch (error) {
      if (aborted.reason === ('cancelled' satisfies AbortReason) || isRefitError(error, 'LEASE_LOST')) return undefined;
      return await this.#fail(assignment, leaseId, causationId, error);
    }
  }

  async #claim({ runId, handler, takeOver }: Assignment, leaseId: string): Promise<Loaded<WorkingRun> | undefined> {
    const { store, instanceId, logger } = this.options;
    const command = { leaseId, instanceId, ...(takeOver !== undefined && { takeOver }) };
    const claimed = await handle(store, runStream(runId), runDecider, (state) =>
      currentStep(state) === handler.step ? decideClaim(state, { ...command, now: Date.now() }) : [], { correlationId: runId });
    const { state } = claimed;
    if (claimed.events.length === 0 || state.status !== 'working') return undefined;
    logger.debug({ runId, step: stepName(handler.step), attempt: state.claim.attempt, takeOver }, 'claimed');
    return { ...claimed, state };
  }

  async #fail(assignment: Assignment, leaseId: string, causationId: string, error: unknown): Promise<number | undefined> {
    const { runId, handler, aborted } = assignment;
    const { logger, retryDelayMs = 1000 } = this.options;
    const failure = aborted.aborted ? stopped : classifyError(error);
    const fields = { err: failure.unclassified ? error : undefined, runId, step: stepName(handler.step), code: failure.code };
    logger[failure === stopped ? 'info' : 'warn'](fields, failure.message);
    try {
      const [first] = await this.#append(assignment, causationId, (state) =>
        decideFailure(state, { ...failure, leaseId, now: Date.now(), jitter: Math.random(), baseDelayMs: retryDelayMs }));
      return first?.$typeName === 'refit.run.v1.StepFailed' && first.retryAt ? timestampMs(first.retryAt) : undefined;
    } catch (lost) {
      if (isRefitError(lost, 'LEASE_LOST')) return undefined;
      throw lost;
    }
  }

  /** A moment's trouble of the store is waited out, since the work is already done; not by an instance that stops. */
  async #append({ runId, aborted }: Assignment, causationId: string, decide: (state: RunState) => readonly RunEvent[], known?: Loaded<RunState>): Promise<readonly RunEvent[]> {
    const { store, logger } = this.options;
    for (let attempt = 1; ; attempt++) {
      try {
        return (await handle(store, runStream(runId), runDecider, decide, { correlationId: runId, causationId }, known)).events;
      } catch (error) {
        if (!(error instanceof RefitError && error.retryable) || attempt >= 30 || aborted.aborted) throw error;
        logger.warn({ err: error, runId, attempt }, 'the run could not be written; trying again');
        await new Promise((resolve) => setTimeout(resolve, 1000));
      }
    }
  }
}

const currentStep = (state: RunState) =>
  state.status === 'due' ? state.due.step : state.status === 'working' ? state.claim.step : undefined;
