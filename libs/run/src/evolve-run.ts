import { timestampMs } from '@bufbuild/protobuf/wkt';
import { Step, type RunEvent, type StepClaimed, type StepFailed } from '@refit/contracts';
import { nextStep, stepOfOutcome } from './plan.js';
import { noSetbacks, type DueRun, type Findings, type RunState, type WorkingRun } from './run-state.js';

export const initialRun: RunState = { status: 'none' };

/**
 * The state after one more event. Total: an event that makes no sense in a state, or that this version does not know,
 * leaves it as it is.
 */
export function evolveRun(state: RunState, event: RunEvent): RunState {
  if (event.$typeName === 'refit.run.v1.RunRequested') {
    if (state.status !== 'none') return state;
    const first = event.plan[0];
    return first === undefined ? state : dueNow({ request: event, findings: {}, round: 0 }, first);
  }
  switch (state.status) {
    case 'none':
    case 'completed':
    case 'cancelled':
      return state;
    case 'failed':
      return event.$typeName === 'refit.run.v1.StepRetried' ? dueNow(state, event.step) : state;
    case 'due':
    case 'working':
      return evolveOpen(state, event);
  }
}

function evolveOpen(state: DueRun | WorkingRun, event: RunEvent): RunState {
  const { request, findings, round } = state;
  switch (event.$typeName) {
    case 'refit.run.v1.StepClaimed':
      return claimed(state, event);
    case 'refit.run.v1.StepFailed':
      return state.status === 'working' ? failed(state, event) : state;
    case 'refit.run.v1.RunCompleted':
      return { request, findings, round, status: 'completed', outcome: event.outcome, summary: event.summary };
    case 'refit.run.v1.RunFailed':
      return { request, findings, round, status: 'failed', step: event.step, code: event.code, message: event.message };
    case 'refit.run.v1.RunCancelled':
      return { request, findings, round, status: 'cancelled', actor: event.actor, reason: event.reason };
    case 'refit.run.v1.ComparisonOutdated':
      return dueNow({ request, findings, round: event.round }, Step.EVALUATE);
    default:
      return afterOutcome(state, event);
  }
}

function claimed(state: DueRun | WorkingRun, { step, attempt, leaseId, instanceId, takenOverFrom }: StepClaimed): WorkingRun {
  const { request, findings, round, setbacks } = state;
  const takenOver = setbacks.takenOver + (takenOverFrom ? 1 : 0);
  return { request, findings, round, status: 'working', claim: { step, attempt, leaseId, instanceId }, setbacks: { ...setbacks, takenOver } };
}

/** Code of a failure that is nobody's fault: the instance was asked to stop. It does not count. */
export const instanceStopped = 'INSTANCE_STOPPED';

function failed({ request, findings, round, claim, setbacks }: WorkingRun, event: StepFailed): DueRun {
  const counts = event.code !== instanceStopped;
  return {
    request, findings, round,
    status: 'due',
    due: { step: claim.step, attempt: claim.attempt + 1, notBefore: event.retryAt ? timestampMs(event.retryAt) : 0 },
    setbacks: {
      ...setbacks,
      retryable: setbacks.retryable + (counts && !event.unclassified ? 1 : 0),
      unclassified: setbacks.unclassified + (event.unclassified ? 1 : 0),
    },
  };
}

function afterOutcome(state: DueRun | WorkingRun, event: RunEvent): RunState {
  const step = stepOfOutcome(event.$typeName);
  if (step === undefined) return state; // an alert, say
  const begun = { request: state.request, findings: withFinding(state.findings, event), round: state.round };
  const next = nextStep(state.request.plan, step);
  // Without a next step the run waits for its RunCompleted, which was appended together with this event.
  return next === undefined ? { ...state, ...begun } : dueNow(begun, next);
}

const dueNow = ({ request, findings, round }: Pick<DueRun, 'request' | 'findings' | 'round'>, step: Step): DueRun => ({
  request, findings, round, status: 'due', due: { step, attempt: 1, notBefore: 0 }, setbacks: noSetbacks,
});

function withFinding(findings: Findings, event: RunEvent): Findings {
  switch (event.$typeName) {
    case 'refit.run.v1.DataIngested': return { ...findings, ingested: event };
    case 'refit.run.v1.DataValidated': return { ...findings, validated: event };
    case 'refit.run.v1.DataRejected': return { ...findings, dataRejected: event };
    case 'refit.run.v1.DataTransformed': return { ...findings, transformed: event };
    case 'refit.run.v1.ModelTrained': return { ...findings, trained: event };
    case 'refit.run.v1.ModelEvaluated': return { ...findings, evaluated: event };
    case 'refit.run.v1.ModelAccepted': return { ...findings, accepted: event };
    case 'refit.run.v1.ModelRejected': return { ...findings, modelRejected: event };
    case 'refit.run.v1.ModelRegistered': return { ...findings, registered: event };
    default: return findings;
  }
}
