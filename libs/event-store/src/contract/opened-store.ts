import type { EventStore } from '../event-store.js';

/** How the contract suite gets a store, which may hold events of others already. */
export type OpenStore = () => Promise<OpenedStore>;

export interface OpenedStore {
  readonly store: EventStore;
  /** Closes the store and opens the same log again. */
  reopen(): Promise<EventStore>;
  /** Closes whatever is open and removes the log. */
  destroy(): Promise<void>;
}
