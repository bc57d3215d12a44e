import { END, streamNameFilter, type AllStreamResolvedEvent, type KurrentDBClient } from '@kurrent/kurrentdb-client';
import { isPlace, type LogPosition } from './log-position.js';
import type { Stored } from './recorded-event.js';
import { logStreams } from './server-filter.js';

/** How many events the server looks at before it says how far it is, when none of them is one of the log's. */
const checkpointEvery = 512;

/** What the tail is told: an event; or how far the log was looked through; and that its end was reached. */
export type TailMessage =
  | { readonly kind: 'event'; readonly event: Stored }
  | { readonly kind: 'place'; readonly position: LogPosition }
  | { readonly kind: 'caught-up'; readonly position: LogPosition | undefined };

/**
 * The events of the log from a position on, or from its end. Ends when the server ends it or the signal is raised;
 * throws what the connection failed with. No faster than it is taken.
 */
export async function* tailFeed(client: KurrentDBClient, from: LogPosition | undefined, signal: AbortSignal): AsyncGenerator<TailMessage, void> {
  const checkpointReached = (_: unknown, position: LogPosition) => {
    subscription.push({ kind: 'place', position } satisfies TailMessage);
  };
  const filter = streamNameFilter({ regex: logStreams, maxSearchWindow: checkpointEvery, checkpointInterval: 1, checkpointReached });
  const subscription = client.subscribeToAll({ fromPosition: from ?? END, resolveLinkTos: false, filter });
  // The client tells these besides the stream of events, as soon as they come in. Pushed into the stream they keep their place in it.
  subscription.on('caughtUp', ({ position }) => {
    subscription.push({ kind: 'caught-up', position: isPlace(position) ? position : undefined } satisfies TailMessage);
  });
  const end = () => subscription.destroy();
  signal.addEventListener('abort', end);
  try {
    if (signal.aborted) return;
    // What was pushed is among what the client pushes.
    for await (const item of subscription as AsyncIterable<AllStreamResolvedEvent | TailMessage>) {
      if ('kind' in item) yield item;
      else if (item.event !== undefined) yield { kind: 'event', event: item.event };
    }
  } finally {
    signal.removeEventListener('abort', end);
    // Leaving the loop does not end the call to the server; a call that never came about cannot be ended.
    await subscription.unsubscribe().catch(() => {});
  }
}
