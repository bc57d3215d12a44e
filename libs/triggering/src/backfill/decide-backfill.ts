import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import { BackfillCancelledSchema, BackfillRequestedSchema, event, ReasonJudgedSchema, ReasonKind, RefitError, Verdict, type TriggerEvent } from '@refit/contracts';
import { maximumQueued } from '../judge-reason.js';
import type { TriggerView } from '../trigger-state.js';
import { backfillStatus } from './backfill-state.js';
import { judgeSpans, type SpansToJudge } from './judge-spans.js';

export interface StartBackfill extends SpansToJudge {
  /** The range that was asked for, in milliseconds since 1970: [from, until). */
  readonly range: { readonly from: number; readonly until: number };
  /** What one span is, for people: "7d". */
  readonly step: string;
}

/**
 * The request, and a verdict on each of its spans: they wait in the pipeline's queue, behind everything else. Nothing when
 * the backfill of this id was requested before.
 *
 * @throws RefitError REQUEST_INVALID when too many spans would wait
 */
export const startBackfill = (input: StartBackfill) => (state: TriggerView): readonly TriggerEvent[] => {
  const { backfillId, range, step, promote, actor, now } = input;
  if (state.backfills.has(backfillId)) return [];
  const judged = judgeSpans(input)(state);
  const waiting = [...state.queue.values()].filter(({ reason }) => reason.kind === ReasonKind.BACKFILL).length;
  const added = judged.filter(({ verdict }) => verdict === Verdict.QUEUED).length;
  if (waiting + added > maximumQueued) {
    throw new RefitError('REQUEST_INVALID', `${waiting} spans of backfills wait already, and these are ${added}; at most ${maximumQueued} may wait together`);
  }
  return [
    event(BackfillRequestedSchema, {
      backfillId, step, spans: judged.length, promote, actor, from: timestampFromMs(range.from), until: timestampFromMs(range.until), requestedAt: timestampFromMs(now),
    }),
    ...judged.map(({ reason, verdict, skipCause, why, runId }) => event(ReasonJudgedSchema, { reason, verdict, skipCause, why, runId })),
  ];
};

export interface CancelBackfill {
  readonly backfillId: string;
  readonly actor: string;
  readonly reason: string;
  /** Milliseconds since 1970. */
  readonly now: number;
}

/**
 * What waits of it is given up, and its open run is to be cancelled. Nothing when that was asked for before.
 *
 * @throws RefitError BACKFILL_NOT_FOUND, BACKFILL_ENDED
 */
export const cancelBackfill = ({ now, ...command }: CancelBackfill) => (state: TriggerView): readonly TriggerEvent[] => {
  const backfill = state.backfills.get(command.backfillId);
  if (!backfill) throw new RefitError('BACKFILL_NOT_FOUND', `there is no backfill ${command.backfillId}; see \`refit backfill list\``);
  if (backfill.cancelled) return [];
  if (backfillStatus(backfill) !== 'open') throw new RefitError('BACKFILL_ENDED', `backfill ${command.backfillId} is done: nothing of it is left to cancel`);
  return [event(BackfillCancelledSchema, { ...command, reason: command.reason || 'the backfill was cancelled', cancelledAt: timestampFromMs(now) })];
};
