import { setTimeout as sleep } from 'node:timers/promises';
import type { EventFilter, EventStore, Position, SubscriptionMessage } from '@refit/event-store';
import type { SagaLogger } from './logger.js';

export interface FollowOptions {
  readonly store: EventStore;
  readonly filter: EventFilter;
  /** The end of the log at the time of the call, instead of its start. */
  readonly from: 'start' | 'end';
  readonly signal: AbortSignal;
  readonly logger: SagaLogger;
  /** Of those who follow, for the log: `the pipelines`. */
  readonly name: string;
}

const firstPauseMs = 100;
const longestPauseMs = 2000;

/**
 * Hands on the log's messages until the signal. Trouble of the store is waited out: then it goes on where it was, so that
 * nothing is skipped. `take` must not throw for a single event that it cannot use: that one is passed over.
 */
export async function followLog({ store, filter, from, signal, logger, name }: FollowOptions, take: (message: SubscriptionMessage) => void): Promise<void> {
  let position: Position | undefined;
  let knowsStart = from === 'start';
  let pauseMs = firstPauseMs;
  while (!signal.aborted) {
    try {
      position = knowsStart ? position : await store.head();
      knowsStart = true;
      for await (const message of store.subscribe({ ...(position !== undefined && { after: position }), filter, signal })) {
        position = message.kind === 'event' ? message.event.position : message.position;
        pauseMs = firstPauseMs;
        taking(take, message, logger, name);
      }
    } catch (err) {
      if (signal.aborted) return;
      logger.warn({ err }, `${name} cannot be followed now; going on in a moment`);
    }
    await sleep(pauseMs, undefined, { signal }).catch(() => {}); // the loop looks at the signal
    pauseMs = Math.min(pauseMs * 2, longestPauseMs);
  }
}

function taking(take: (message: SubscriptionMessage) => void, message: SubscriptionMessage, logger: SagaLogger, name: string): void {
  try {
    take(message);
  } catch (err) {
    const at = message.kind === 'event' ? { stream: message.event.stream, revision: message.event.revision } : {};
    logger.error({ err, ...at }, `${name}: an event could not be taken in and is passed over`);
  }
}
