import type { ReasonJudged, TriggerEvent } from '@refit/contracts';
import { evolveTrigger } from './evolve-trigger.js';
import { judgeReason, type ReasonToJudge } from './judge-reason.js';
import { OverlayMap } from './overlay-map.js';
import { reasonKey, receivedAt } from './reasons.js';
import type { TriggerState, TriggerView } from './trigger-state.js';

export interface Judgements {
  /** To be recorded together. */
  readonly events: readonly TriggerEvent[];
  /** Of the first of the reasons, in their order. At least one; the rest are to be judged when these are recorded. */
  readonly verdicts: readonly ReasonJudged[];
}

/**
 * Judges reasons one after the other, each as if what was decided before it had happened. Stops behind the first that
 * starts a run, which then is requested before anything else is decided. The state stays as it is.
 */
export const judgeReasons = (inputs: readonly ReasonToJudge[]) => (state: TriggerView): Judgements => {
  const draft = draftOf(state);
  const events: TriggerEvent[] = [];
  const verdicts: ReasonJudged[] = [];
  for (const input of inputs) {
    const decided = judgeReason(input)(draft);
    verdicts.push(...decided.filter((e) => e.$typeName === 'refit.trigger.v1.ReasonJudged'));
    if (isRedelivered(input, draft)) continue;
    events.push(...decided);
    decided.reduce(evolveTrigger, draft);
    if (decided.some((e) => e.$typeName === 'refit.trigger.v1.RunStarted')) break;
  }
  return { events, verdicts };
};

/**
 * The very message that told a judged reason came once more, as messages do: it is answered as a repeat, but that is no
 * news to record. Its number alone would not prove it: a topic that is made anew counts from 0 again.
 */
function isRedelivered({ reason }: ReasonToJudge, { handled, received }: TriggerView): boolean {
  const at = receivedAt(reason);
  return at !== undefined && at.number <= (received.get(at.place) ?? -1) && handled.has(reasonKey(reason));
}

const draftOf = (state: TriggerView): TriggerState => ({
  handled: new OverlayMap(state.handled),
  pending: new OverlayMap(state.pending),
  pendingRows: state.pendingRows,
  queue: new OverlayMap(state.queue),
  joined: new OverlayMap(state.joined),
  open: new OverlayMap(state.open),
  returned: new OverlayMap(state.returned),
  reopenings: new OverlayMap(state.reopenings),
  lastStartedAt: state.lastStartedAt,
  stopping: new OverlayMap(state.stopping),
  scheduled: new OverlayMap(state.scheduled),
  backfills: new OverlayMap(state.backfills),
  spans: new OverlayMap(state.spans),
  backfilling: new OverlayMap(state.backfilling),
  received: new OverlayMap(state.received),
});
