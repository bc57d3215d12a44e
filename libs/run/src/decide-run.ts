import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import {
  AlertRaisedSchema, event, FailureKind, FindingSeverity, GateVerdict, RefitError, RunCancelledSchema, RunCompletedSchema, RunFailedSchema,
  RunOutcome, Step, StepClaimedSchema, StepFailedSchema, StepRetriedSchema, type ErrorCode, type RunEvent,
} from '@refit/contracts';
import { instanceStopped } from './evolve-run.js';
import { nextStep, stepName, stepOfOutcome } from './plan.js';
import type { RunState, WorkingRun } from './run-state.js';

export interface ClaimStep {
  readonly leaseId: string;
  readonly instanceId: string;
  /** The lease to take over, when its instance was found dead. */
  readonly takeOver?: string;
  /** Milliseconds since 1970. */
  readonly now: number;
}

/** Nothing when there is nothing to claim (any more). */
export function decideClaim(state: RunState, { leaseId, instanceId, takeOver, now }: ClaimStep): readonly RunEvent[] {
  const claimedAt = timestampFromMs(now);
  if (state.status === 'due' && state.due.notBefore <= now) {
    const { step, attempt } = state.due;
    return [event(StepClaimedSchema, { step, attempt, leaseId, instanceId, claimedAt })];
  }
  if (state.status !== 'working' || takeOver === undefined || state.claim.leaseId !== takeOver) return [];
  const { step, attempt } = state.claim;
  if (state.setbacks.takenOver >= limits.takeOvers) {
    return failRun(state, FailureKind.POISON, 'WORKER_LOST', `the process died ${limits.takeOvers + 1} times while it did this step`, false, now);
  }
  return [event(StepClaimedSchema, { step, attempt: attempt + 1, leaseId, instanceId, takenOverFrom: takeOver, claimedAt })];
}

/** How often something may go wrong in one step before the run fails. */
const limits = { retryable: 5, unclassified: 3, takeOvers: 5, comparisons: 3 };

export interface SettleStep {
  readonly leaseId: string;
  /** What the step returned: alerts, then its outcome. */
  readonly events: readonly RunEvent[];
  readonly now: number;
}

/**
 * The step's events, and what follows from them for the run.
 *
 * @throws RefitError LEASE_LOST when the run went on without this lease
 */
export function decideSettle(state: RunState, { leaseId, events, now }: SettleStep): readonly RunEvent[] {
  const working = holding(state, leaseId);
  const outcome = events.at(-1);
  if (!outcome || stepOfOutcome(outcome.$typeName) !== working.claim.step) {
    throw new RefitError('INTERNAL', `step ${stepName(working.claim.step)} ended without an outcome of its own`);
  }
  return [...events, ...ending(working, outcome, now)];
}

function ending(state: WorkingRun, outcome: RunEvent, now: number): readonly RunEvent[] {
  const completed = (result: RunOutcome, summary: string) => [
    event(RunCompletedSchema, { outcome: result, summary, completedAt: timestampFromMs(now) }),
  ];
  switch (outcome.$typeName) {
    case 'refit.run.v1.DataRejected':
      return completed(RunOutcome.DATA_REJECTED, outcome.anomalies[0]?.message ?? 'the data gate said no');
    case 'refit.run.v1.ModelRejected':
      return completed(RunOutcome.MODEL_REJECTED, outcome.gates.find((g) => g.verdict === GateVerdict.FAIL || g.verdict === GateVerdict.INCONCLUSIVE)?.message ?? 'the model gate said no');
    case 'refit.run.v1.ComparisonOutdated':
      if (outcome.round < limits.comparisons) return [];
      return failRun(state, FailureKind.FATAL, 'RUN_CONTENDED', `the champion changed ${outcome.round} times during the comparison`, false, now);
    default: {
      if (nextStep(state.request.plan, state.claim.step) !== undefined) return [];
      const registered = outcome.$typeName === 'refit.run.v1.ModelRegistered' ? outcome : state.findings.registered;
      if (!registered) return completed(RunOutcome.REGISTERED, 'done');
      const role = registered.promoted ? ', now champion' : '';
      return completed(RunOutcome.REGISTERED, `registered ${registered.model} v${registered.version}${role}`);
    }
  }
}

export interface FailStep {
  readonly leaseId: string;
  readonly code: string;
  readonly message: string;
  readonly retryable: boolean;
  /** Thrown by code that did not say what kind of error it is. */
  readonly unclassified: boolean;
  readonly now: number;
  /** In [0, 1), spreads the retries of many runs. */
  readonly jitter: number;
  readonly baseDelayMs: number;
}

/** @throws RefitError LEASE_LOST */
export function decideFailure(state: RunState, failure: FailStep): readonly RunEvent[] {
  const working = holding(state, failure.leaseId);
  const { code, message, unclassified, now } = failure;
  const { retryable, unclassified: unexplained } = working.setbacks;
  if (unclassified && unexplained + 1 >= limits.unclassified) return failRun(working, FailureKind.POISON, code, message, true, now);
  if (!unclassified && !failure.retryable) return failRun(working, FailureKind.FATAL, code, message, false, now);
  if (!unclassified && retryable + 1 >= limits.retryable) return failRun(working, FailureKind.FATAL, code, `${message} (tried ${limits.retryable} times)`, false, now);
  const delay = code === instanceStopped ? 0 : backoff(retryable + unexplained, failure);
  return [
    event(StepFailedSchema, {
      step: working.claim.step, attempt: working.claim.attempt, kind: FailureKind.RETRYABLE, code, message, unclassified,
      retryAt: timestampFromMs(Math.ceil(now + delay)),
    }),
  ];
}

/** Exponential, at most a minute, the upper half of it by chance. */
const backoff = (failures: number, { baseDelayMs, jitter }: FailStep) =>
  Math.min(60_000, baseDelayMs * 2 ** failures) * (0.5 + jitter / 2);

function failRun(state: WorkingRun, kind: FailureKind, code: string, message: string, unclassified: boolean, now: number): readonly RunEvent[] {
  const { step, attempt } = state.claim;
  return [
    event(StepFailedSchema, { step, attempt, kind, code, message, unclassified }),
    event(AlertRaisedSchema, {
      kind: 'run-failed', severity: FindingSeverity.FAILURE, title: `${state.request.pipeline}: ${stepName(step)} failed`,
      message: `${code}: ${message}`, raisedAt: timestampFromMs(now),
    }),
    event(RunFailedSchema, { step, code, message }),
  ];
}

function holding(state: RunState, leaseId: string): WorkingRun {
  if (state.status === 'working' && state.claim.leaseId === leaseId) return state;
  throw new RefitError('LEASE_LOST', `the run went on without lease ${leaseId}; it is ${state.status} now`);
}

/** @throws RefitError RUN_NOT_FOUND, RUN_NOT_OPEN */
export function decideCancel(state: RunState, { actor, reason }: { readonly actor: string; readonly reason: string }): readonly RunEvent[] {
  requireStatus(state, ['due', 'working'], 'RUN_NOT_OPEN', 'only an open run can be cancelled');
  return [event(RunCancelledSchema, { actor, reason })];
}

/**
 * As `decideCancel`, but it does not disturb a run that has ended, or one that is being registered: that is its last
 * moment, and what of it has reached the registry could not be taken back.
 */
export function decideGiveUp(state: RunState, { actor, reason }: { readonly actor: string; readonly reason: string }): readonly RunEvent[] {
  if (state.status !== 'due' && state.status !== 'working') return [];
  const { step } = state.status === 'due' ? state.due : state.claim;
  return step === Step.REGISTER || step === Step.DEPLOY ? [] : [event(RunCancelledSchema, { actor, reason })];
}

/** @throws RefitError RUN_NOT_FOUND, RUN_NOT_FAILED */
export function decideRetry(state: RunState, { actor, reason }: { readonly actor: string; readonly reason: string }): readonly RunEvent[] {
  requireStatus(state, ['failed'], 'RUN_NOT_FAILED', 'only a failed run can be retried');
  return state.status === 'failed' ? [event(StepRetriedSchema, { step: state.step, actor, reason })] : [];
}

function requireStatus(state: RunState, allowed: readonly RunState['status'][], code: ErrorCode, rule: string): void {
  if (state.status === 'none') throw new RefitError('RUN_NOT_FOUND', 'there is no such run; see `refit runs`');
  if (!allowed.includes(state.status)) throw new RefitError(code, `the run is ${state.status}; ${rule}`);
}
