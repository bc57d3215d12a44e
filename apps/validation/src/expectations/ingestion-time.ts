import { timestampMs } from '@bufbuild/protobuf/wkt';
import { runStream } from '@refit/contracts';
import type { Validating } from '../validating.js';

/**
 * What counts as now for expectations, in milliseconds since 1970: when the log took in that the data was ingested, the
 * same however often the step is executed. Of a backfill it is the end of its window, as if the run had been then.
 */
export async function ingestionTime({ runtime: { store }, context }: Validating): Promise<number> {
  const { runId, run } = context;
  const end = run.status === 'working' ? run.request.windowEnd : undefined;
  if (end) return timestampMs(end);
  let ingestedAt: number | undefined;
  for await (const { type, recordedAt } of store.readStream(runStream(runId))) {
    if (type === 'refit.run.v1.DataIngested') ingestedAt = recordedAt;
  }
  return ingestedAt ?? context.now();
}
