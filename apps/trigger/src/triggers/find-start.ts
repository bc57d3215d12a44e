import { decodeEvent, RefitError, triggerStream, type RunStarted } from '@refit/contracts';
import type { EventStore } from '@refit/event-store';

/** The start of an open run, from the end of its pipeline's trigger stream. */
export async function findStart(store: EventStore, pipeline: string, runId: string): Promise<RunStarted> {
  for await (const recorded of store.readStream(triggerStream(pipeline), { direction: 'backwards' })) {
    const event = decodeEvent(recorded);
    if (event?.$typeName === 'refit.trigger.v1.RunStarted' && event.runId === runId) return event;
  }
  throw new RefitError('INTERNAL', `run ${runId} holds the place of ${pipeline}, but its start is not in the log`);
}
