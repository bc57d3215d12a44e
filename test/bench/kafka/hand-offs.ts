import type { Marks } from './marks.ts';

/** One step's hand-off to another process, in milliseconds: from the append of its outcome to the durable claim of the next step. */
export interface HandOffTimes {
  readonly total: number;
  /** Until the outcome is durable. */
  readonly outcome: number;
  /** Until the relay, in another process, gives it to the bus. */
  readonly relay: number;
  /** Until a handler of the next service is called with it: produce, broker, consume. */
  readonly broker: number;
  /** Until the next service has loaded the run and decided. */
  readonly decision: number;
  /** Until its claim is durable. */
  readonly claim: number;
  /** From the relay's giving to the broker's acknowledgement; the consumer does not wait for it. */
  readonly acknowledgement: number;
}

const claimed = 'refit.run.v1.StepClaimed';

/** The hand-offs between two processes, neither of them the relay's. The last process is the relay's. */
export function handOffs(processes: readonly Marks[]): HandOffTimes[] {
  const relay = processes.at(-1);
  const services = processes.slice(0, -1);
  const relayed = new Map(relay?.relayed.map((mark) => [mark.event, mark]));
  const heard = services.map((marks) => new Map(marks.heard.map(({ event, at }) => [event, at])));
  const appended = new Map(services.flatMap((marks, owner) => marks.appended.map((mark) => [mark.event, { ...mark, owner }] as const)));
  return [...appended.values()].flatMap((claim) => {
    if (claim.type !== claimed) return [];
    const before = previous(claim.event);
    const [outcome, publication, hearing] = [appended.get(before), relayed.get(before), heard[claim.owner]?.get(before)];
    // A scan may be ahead of the hint, and then there is nothing to split.
    if (outcome === undefined || outcome.owner === claim.owner || publication === undefined || hearing === undefined || hearing > claim.called) return [];
    return [{
      total: claim.durable - outcome.called,
      outcome: outcome.durable - outcome.called,
      relay: publication.seen - outcome.durable,
      broker: hearing - publication.seen,
      decision: claim.called - hearing,
      claim: claim.durable - claim.called,
      acknowledgement: publication.taken - publication.seen,
    }];
  });
}

/** The event before it in its stream. */
function previous(event: string): string {
  const [stream = '', revision] = event.split(' ');
  return `${stream} ${Number(revision) - 1}`;
}
