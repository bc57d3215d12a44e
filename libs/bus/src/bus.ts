import type { RecordedEvent } from '@refit/event-store';

/** What travels on the bus: an event of the log. Inside the saga it is only a hint to look at the stream. */
export type BusMessage = RecordedEvent;

export type BusHandler = (message: BusMessage) => Promise<void>;

/**
 * Messages reach every consumer group that subscribes to their type, each at least once while it is up, in any order.
 * Embedded: within the process. A handler that throws is logged and counted; it stops nobody.
 */
export interface Bus {
  publish(messages: readonly BusMessage[]): Promise<void>;
  /** Returns the way to stop. */
  subscribe(group: string, types: readonly string[], handler: BusHandler): Promise<() => Promise<void>>;
  close(): Promise<void>;
}
