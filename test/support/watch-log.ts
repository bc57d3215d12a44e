import { decodeEvent, type DomainEvent } from '@refit/contracts';
import type { EventStore } from '@refit/event-store';

export interface LoggedEvent {
  readonly stream: string;
  readonly event: DomainEvent;
}

/**
 * From the moment this resolves, `seen` is the promise of the nth event from then on that is looked for. It rejects when
 * the signal ends the watch.
 */
export async function watchLog(store: EventStore, isLookedFor: (logged: LoggedEvent) => boolean, signal: AbortSignal, nth = 1): Promise<{ readonly seen: Promise<LoggedEvent> }> {
  const watching = Promise.withResolvers<void>();
  const seen = Promise.withResolvers<LoggedEvent>();
  seen.promise.catch(() => {}); // whoever waits hears of it
  const watch = async () => {
    let count = 0;
    for await (const message of store.subscribe({ after: 'end', signal })) {
      if (message.kind === 'caught-up') watching.resolve();
      const event = message.kind === 'event' ? decodeEvent(message.event) : undefined;
      if (message.kind !== 'event' || !event) continue;
      const logged = { stream: message.event.stream, event };
      if (isLookedFor(logged) && ++count === nth) return seen.resolve(logged);
    }
    seen.reject(new Error(`${count} of ${nth} such events were seen`));
  };
  watch().catch(seen.reject);
  await watching.promise;
  return { seen: seen.promise };
}
