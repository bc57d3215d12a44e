import { v7 as uuid } from 'uuid';
import { decodeEvent, encodeEvent, encodeMetadata, isRefitError, type DomainEvent, type EventMetadata } from '@refit/contracts';
import type { EventStore, NewEvent } from '@refit/event-store';

/** How the events of a stream make its state. `evolve` is total: what it does not know leaves the state as it is. */
export interface Decider<S, E extends DomainEvent> {
  readonly initialState: S;
  evolve(state: S, event: E): S;
}

export interface Loaded<S> {
  readonly state: S;
  /** Of the last event; −1 for an empty stream. */
  readonly revision: number;
  /** Id of the last event; empty for an empty stream. */
  readonly lastEventId: string;
}

/** The state of a stream, folded from its events. @throws RefitError EVENT_UNREADABLE */
export async function load<S, E extends DomainEvent>(store: EventStore, stream: string, decider: Decider<S, E>, known?: Loaded<S>): Promise<Loaded<S>> {
  let { state, revision, lastEventId } = known ?? { state: decider.initialState, revision: -1, lastEventId: '' };
  for await (const recorded of store.readStream(stream, { from: revision + 1 })) {
    const event = decodeEvent(recorded);
    if (event) state = decider.evolve(state, event as E); // a stream holds its own kind of events
    revision = recorded.revision;
    lastEventId = recorded.id;
  }
  return { state, revision, lastEventId };
}

/** Domain events as the store takes them, with fresh ids. */
export const toNewEvents = (events: readonly DomainEvent[], metadata: EventMetadata): NewEvent[] =>
  events.map((e) => ({ id: uuid(), ...encodeEvent(e), metadata: encodeMetadata(metadata) }));

export interface Handled<S, E> extends Loaded<S> {
  /** What was decided and appended; empty when there was nothing to do. */
  readonly events: readonly E[];
}

/**
 * Load → decide → append at the exact revision; a conflict starts again from the load. `decide` may be called several
 * times and must not have effects of its own.
 *
 * @throws whatever `decide` throws; RefitError STORE_UNAVAILABLE
 */
export async function handle<S, E extends DomainEvent>(
  store: EventStore,
  stream: string,
  decider: Decider<S, E>,
  decide: (state: S) => readonly E[],
  metadata: EventMetadata,
  known?: Loaded<S>,
): Promise<Handled<S, E>> {
  for (let loaded = known ?? (await load(store, stream, decider)); ; loaded = await load(store, stream, decider, loaded)) {
    const events = decide(loaded.state);
    if (events.length === 0) return { ...loaded, events };
    const recorded = toNewEvents(events, metadata);
    try {
      const { revision } = await store.append(stream, recorded, loaded.revision < 0 ? 'no-stream' : loaded.revision);
      const state = events.reduce((s, e) => decider.evolve(s, e), loaded.state);
      return { state, revision, lastEventId: recorded.at(-1)?.id ?? '', events };
    } catch (error) {
      if (!isRefitError(error, 'REVISION_CONFLICT')) throw error;
    }
  }
}
