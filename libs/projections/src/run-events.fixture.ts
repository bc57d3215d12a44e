import { randomUUID } from 'node:crypto';
import { encodeEvent, runStream, type RunEvent } from '@refit/contracts';
import type { RecordedEvent } from '@refit/event-store';

/** Events of one run's stream as the log would hold them, for tests. */
export function recordRun(runId: string, events: readonly RunEvent[], startPosition = 1): RecordedEvent[] {
  return events.map((event, revision) => ({
    id: randomUUID(),
    ...encodeEvent(event),
    metadata: {},
    stream: runStream(runId),
    revision,
    position: String(startPosition + revision),
    recordedAt: 1_790_000_000_000 + (startPosition + revision) * 1000,
  }));
}
