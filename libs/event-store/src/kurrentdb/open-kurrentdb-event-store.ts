import type { EventStore } from '../event-store.js';
import { kurrentDbAddress, type KurrentDbAddressOptions } from './connection-string.js';
import { KurrentDbEventStore } from './kurrentdb-event-store.js';
import type { KurrentDbLogger } from './log-tail.js';

export interface KurrentDbEventStoreOptions extends KurrentDbAddressOptions {
  /** Hears of lost connections. Never of credentials. */
  readonly logger?: KurrentDbLogger;
  /** How long a call is made again while the server is away; 5 s by default. Subscriptions wait without end. */
  readonly patienceMs?: number;
  /** How long to wait for an answer before the connection counts as dead; 10 s by default. */
  readonly answerTimeoutMs?: number;
}

/**
 * Opens the event store in KurrentDB (or EventStoreDB, whose protocol it goes on with), and makes sure that it answers.
 * Written after the sources of the server's 26.0.3 and of the client's 1.3.1.
 *
 * All of Refit's state lies in the database's default log; others may share it, with streams of their own. Positions
 * are places in `$all`. Bounded records lie in streams `refit.record.…` of which the server keeps one event; the
 * operator is to schedule the server's scavenging, which frees what older values take.
 *
 * @throws RefitError CONFIG_INVALID, STORE_UNAVAILABLE, STORE_ACCESS_DENIED
 */
export async function openKurrentDbEventStore({ logger, patienceMs = 5000, answerTimeoutMs = 10_000, ...address }: KurrentDbEventStoreOptions): Promise<EventStore> {
  const store = new KurrentDbEventStore(kurrentDbAddress(address), { patienceMs, answerTimeoutMs }, logger);
  try {
    await store.head();
    return store;
  } catch (error) {
    await store.close();
    throw error;
  }
}
