export { openKurrentDbEventStore, type KurrentDbEventStoreOptions } from './open-kurrentdb-event-store.js';
export type { KurrentDbLogger } from './log-tail.js';
