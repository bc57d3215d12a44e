import type { RecordedEvent } from '@refit/event-store';

/** What travels on the bus: an event of the log. Inside the saga it is only a hint to look at the stream. */
export type BusMessage = RecordedEvent;

/** Whether messages flow. `why` says in a sentence what does not, and what it waits for. */
export interface BusHealth {
  readonly ok: boolean;
  readonly why?: string;
}

export type BusHandler = (message: BusMessage) => Promise<void>;

/**
 * Messages reach every consumer group that subscribes to their type, each at least once while it is up, in any order.
 * Within a group each message goes to one of its subscribers. Embedded: within the process. A handler that throws is
 * logged and counted; it stops nobody.
 */
export interface Bus {
  /**
   * Resolves when the bus has taken the messages over; waits while a group is too far behind.
   *
   * @throws RefitError BUS_UNAVAILABLE
   */
  publish(messages: readonly BusMessage[]): Promise<void>;
  /**
   * Subscribes to event types by their full names; messages published after it resolves are delivered. Returns the way
   * to stop, which waits for the handlers under way.
   *
   * @throws RefitError BUS_UNAVAILABLE
   */
  subscribe(group: string, types: readonly string[], handler: BusHandler): Promise<() => Promise<void>>;
  health(): BusHealth;
  /** Delivers what it has taken over, waits for the handlers under way and takes nothing more. */
  close(): Promise<void>;
}
