import { decodeEvent, shortTypeName, Step, type DomainEvent, type Event, type RunCancelled } from '@refit/contracts';
import { stepName, stepOfOutcome } from '@refit/run';
import { sentence } from '../../story/sentences.js';
import { msOf } from './times.js';

/** One attempt at a step, or something else that happened to the run. */
export interface TimelineEntry {
  readonly name: string;
  readonly state: 'done' | 'no' | 'failed' | 'cancelled' | 'working' | 'waiting' | 'note';
  readonly durationMs?: number;
  /** What came of it. */
  readonly text: string;
}

/** An event of the log as its message; undefined for types and data that this version cannot read. */
export function readEvent(event: Event): DomainEvent | undefined {
  try {
    return decodeEvent({ type: event.type, data: event.data ?? {} });
  } catch {
    return undefined;
  }
}

/** What a run did, step by step, from its events in their order, and what is still to do. */
export function timeline(events: readonly Event[], now: number): readonly TimelineEntry[] {
  let line: Line = { entries: [], plan: [], next: 0, claimed: undefined, ended: false };
  for (const recorded of events) {
    const event = readEvent(recorded);
    if (event) line = extend(line, event, msOf(recorded.recordedAt) ?? 0);
  }
  const { entries, plan, next, claimed, ended } = line;
  if (ended) return entries;
  const working: TimelineEntry[] = claimed ? [{ name: stepName(claimed.step), state: 'working', durationMs: now - claimed.at, text: '' }] : [];
  const waiting = plan.slice(next).filter((step) => step !== claimed?.step);
  return [...entries, ...working, ...waiting.map((step): TimelineEntry => ({ name: stepName(step), state: 'waiting', text: '' }))];
}

interface Line {
  readonly entries: readonly TimelineEntry[];
  readonly plan: readonly Step[];
  /** Place in the plan of the first step that is still to do. */
  readonly next: number;
  readonly claimed: { readonly step: Step; readonly at: number } | undefined;
  readonly ended: boolean;
}

function extend(line: Line, event: DomainEvent, at: number): Line {
  const { entries, plan, claimed } = line;
  const took = claimed && { durationMs: at - claimed.at };
  const after = (entry: TimelineEntry): Line => ({ ...line, entries: [...entries, entry], claimed: undefined });
  switch (event.$typeName) {
    case 'refit.run.v1.RunRequested':
      return { ...line, plan: event.plan };
    case 'refit.run.v1.StepClaimed': {
      const claimedNow = { ...line, claimed: { step: event.step, at } };
      if (!claimed) return claimedNow;
      return { ...claimedNow, entries: [...entries, { name: stepName(claimed.step), state: 'note', text: 'its process died; taken over', ...took }] };
    }
    case 'refit.run.v1.StepFailed':
      return after({ name: stepName(event.step), state: 'failed', text: `${event.code}: ${event.message}`, ...took });
    case 'refit.run.v1.StepRetried':
      return { ...after({ name: stepName(event.step), state: 'note', text: told(event) }), ended: false };
    case 'refit.run.v1.ComparisonOutdated':
      return { ...after({ name: stepName(Step.REGISTER), state: 'note', text: told(event), ...took }), next: plan.indexOf(Step.EVALUATE) };
    case 'refit.run.v1.RunCompleted':
    case 'refit.run.v1.RunFailed':
      return { ...line, ended: true };
    case 'refit.run.v1.RunCancelled':
      return { ...after({ ...cancelled(line, event), ...took }), ended: true };
    default: {
      const step = stepOfOutcome(event.$typeName);
      return step === undefined ? line : { ...after({ ...outcome(step, event), ...took }), next: plan.indexOf(step) + 1 };
    }
  }
}

/** At the step that was at work, or that was to come next. */
function cancelled({ plan, next, claimed }: Line, { actor, reason }: RunCancelled): TimelineEntry {
  const when = claimed ? '' : ' before it began';
  return { name: stepName(claimed?.step ?? plan[next] ?? Step.UNSPECIFIED), state: 'cancelled', text: `cancelled${when} by ${actor || 'somebody'}${reason && `: ${reason}`}` };
}

const outcome = (step: Step, event: DomainEvent): TimelineEntry => ({ name: stepName(step), state: event.$typeName.endsWith('Rejected') ? 'no' : 'done', text: told(event) });

const told = (event: DomainEvent) => sentence(event)?.text ?? shortTypeName(event.$typeName);
