import { decodeEvent, type StepClaimed } from '@refit/contracts';
import type { EventStore } from '@refit/event-store';

/** A claim of a step as the log tells of it. */
export interface LoggedClaim extends Pick<StepClaimed, 'step' | 'attempt' | 'leaseId' | 'instanceId'> {
  readonly run: string;
  /** Milliseconds since 1970. */
  readonly at: number;
  /** Whose claim it took over, because that one was dead. */
  readonly takenOver?: LoggedClaim;
}

/** Every claim there was, in the log's order. */
export async function claimsOf(store: EventStore): Promise<readonly LoggedClaim[]> {
  const claims = new Map<string, LoggedClaim>();
  for await (const recorded of store.readAll({ filter: { types: ['refit.run.v1.StepClaimed'] } })) {
    const event = decodeEvent(recorded);
    if (event?.$typeName !== 'refit.run.v1.StepClaimed') continue;
    const { step, attempt, leaseId, instanceId, takenOverFrom } = event;
    const takenOver = claims.get(takenOverFrom);
    claims.set(leaseId, { run: recorded.stream, at: recorded.recordedAt, step, attempt, leaseId, instanceId, ...(takenOver && { takenOver }) });
  }
  return [...claims.values()];
}
