import type { MessageInitShape } from '@bufbuild/protobuf';
import type { BackfillSchema } from '@refit/contracts';
import { backfillStatus, type SpanStatus } from '@refit/triggering';
import type { KnownBackfill } from './backfills.js';

/** A backfill as its callers see it; in lists without its spans. */
export function backfillMessage({ pipeline, state }: KnownBackfill, withSpans = true): MessageInitShape<typeof BackfillSchema> {
  const { requested, cancelled, spans } = state;
  const count = (status: SpanStatus) => spans.filter((span) => span.status === status).length;
  return {
    pipeline, requested, status: backfillStatus(state), ...(cancelled && { cancelled }),
    waiting: count('waiting'), running: count('running'), ended: count('ended'), skipped: count('skipped'), givenUp: count('given-up'),
    spans: withSpans
      ? spans.map(({ span: { from, until }, status, outcome, runId, why }) => ({ status, outcome, runId, why, ...(from && { from }), ...(until && { until }) }))
      : [],
  };
}
