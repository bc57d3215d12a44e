import { decodeEvent, streamSubject, triggerStream, type Verdict } from '@refit/contracts';
import type { EventStore } from '@refit/event-store';
import type { PipelineVerdict } from '../intake/intake.js';

const judgedType = 'refit.trigger.v1.ReasonJudged';

/** Every reason and its verdict, newest first, before a place of the log. Empty pipeline: of all; verdict 0: any. */
export async function listReasons(
  store: EventStore,
  { pipeline, verdict, size, before }: { readonly pipeline: string; readonly verdict: Verdict; readonly size: number; readonly before: string | undefined },
): Promise<{ reasons: PipelineVerdict[]; next?: string }> {
  const reasons: PipelineVerdict[] = [];
  const filter = { streamPrefixes: [triggerStream(pipeline)], types: [judgedType] };
  let last: string | undefined;
  for await (const recorded of store.readAll({ direction: 'backwards', filter, ...(before !== undefined && { after: before }) })) {
    const judged = decodeEvent(recorded);
    const of = streamSubject(recorded.stream);
    if (judged?.$typeName !== judgedType || (pipeline !== '' && of !== pipeline) || (verdict !== 0 && judged.verdict !== verdict)) continue;
    if (reasons.length === size) return { reasons, ...(last !== undefined && { next: last }) };
    reasons.push({ pipeline: of, judged });
    last = recorded.position;
  }
  return { reasons };
}
