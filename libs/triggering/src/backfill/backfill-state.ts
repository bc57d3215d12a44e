import type { BackfillCancelled, BackfillRequested, BackfillSpan } from '@refit/contracts';

/** What has become of a span of a backfill. */
export type SpanStatus = 'waiting' | 'running' | 'ended' | 'skipped' | 'given-up';

export interface SpanState {
  /** `reasonKey` of its reason. */
  readonly key: string;
  readonly span: BackfillSpan;
  readonly status: SpanStatus;
  /** Also of a span that an earlier backfill ran. */
  readonly runId: string;
  /** Of a run that ended. */
  readonly outcome: string;
  /** A sentence: why it waits or is skipped. */
  readonly why: string;
}

export interface BackfillState {
  readonly requested: BackfillRequested;
  readonly cancelled: BackfillCancelled | undefined;
  readonly spans: readonly SpanState[];
}

/** Open until each of its spans has ended, one way or another. */
export function backfillStatus({ cancelled, spans }: BackfillState): 'open' | 'done' | 'cancelled' {
  if (spans.some(({ status }) => status === 'waiting' || status === 'running')) return 'open';
  return cancelled ? 'cancelled' : 'done';
}
