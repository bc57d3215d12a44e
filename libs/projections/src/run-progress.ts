import { timestampMs } from '@bufbuild/protobuf/wkt';
import { decodeEvent, runStream, Step, type RunEvent } from '@refit/contracts';
import type { EventFilter, RecordedEvent } from '@refit/event-store';
import { nextStep, stepOfOutcome } from '@refit/run';

/** How far a run is: what the fold of `@refit/run` says about it, without what the steps found out. */
export interface RunProgress {
  readonly status: 'due' | 'working' | 'completed' | 'failed' | 'cancelled';
  /** The step that is due, at work, or where the run ended. */
  readonly step: Step;
  readonly attempt: number;
  /** When the step is due, in milliseconds since 1970; 0: at once. */
  readonly notBefore: number;
  /** Of the claim; empty when nobody is at work. */
  readonly leaseId: string;
  readonly instanceId: string;
}

/** Of the streams that runs are read from. */
export const runEvents: EventFilter = { streamPrefixes: [runStream('')] };

export const dueNow = (step: Step): RunProgress => ({ status: 'due', step, attempt: 1, notBefore: 0, leaseId: '', instanceId: '' });

/**
 * The progress after one more event of the run's stream, equal to that of the fold. Only the few events whose content
 * matters are decoded.
 *
 * @throws RefitError EVENT_UNREADABLE
 */
export function progressAfter(progress: RunProgress, plan: readonly Step[], recorded: RecordedEvent): RunProgress {
  if (progress.status === 'completed' || progress.status === 'cancelled') return progress;
  if (progress.status === 'failed') return revived(progress, recorded);
  const finished = recorded.type === 'refit.run.v1.ComparisonOutdated' ? undefined : stepOfOutcome(recorded.type);
  if (finished === undefined) return afterSagaEvent(progress, recorded);
  const next = nextStep(plan, finished);
  return next === undefined ? progress : dueNow(next);
}

function revived(progress: RunProgress, recorded: RecordedEvent): RunProgress {
  if (recorded.type !== 'refit.run.v1.StepRetried') return progress;
  const event = decodeEvent(recorded);
  return event?.$typeName === 'refit.run.v1.StepRetried' ? dueNow(event.step) : progress;
}

function afterSagaEvent(progress: RunProgress, recorded: RecordedEvent): RunProgress {
  switch (recorded.type as RunEvent['$typeName']) { // of any other type: the default
    case 'refit.run.v1.ComparisonOutdated':
      return dueNow(Step.EVALUATE);
    case 'refit.run.v1.RunCompleted':
      return ended(progress, 'completed');
    case 'refit.run.v1.RunCancelled':
      return ended(progress, 'cancelled');
    case 'refit.run.v1.RunFailed':
      return ended(progress, 'failed');
    case 'refit.run.v1.StepClaimed':
    case 'refit.run.v1.StepFailed':
      return afterAttempt(progress, recorded);
    default:
      return progress;
  }
}

function afterAttempt(progress: RunProgress, recorded: RecordedEvent): RunProgress {
  const event = decodeEvent(recorded);
  if (event?.$typeName === 'refit.run.v1.StepClaimed') {
    const { step, attempt, leaseId, instanceId } = event;
    return { status: 'working', step, attempt, notBefore: 0, leaseId, instanceId };
  }
  if (event?.$typeName !== 'refit.run.v1.StepFailed' || progress.status !== 'working') return progress;
  return { ...dueNow(progress.step), attempt: progress.attempt + 1, notBefore: event.retryAt ? timestampMs(event.retryAt) : 0 };
}

const ended = (progress: RunProgress, status: 'completed' | 'failed' | 'cancelled'): RunProgress =>
  ({ ...progress, status, notBefore: 0, leaseId: '', instanceId: '' });
