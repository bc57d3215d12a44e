import { heartbeatRecord } from '@refit/contracts';
import type { EventStore } from '@refit/event-store';
import type { SagaLogger } from './logger.js';

/**
 * Keeps an instance's leases alive: renews its one bounded record four times within the lease's time to live.
 * A failed renewal is tried again at the next beat; whoever judges the instance dead meanwhile is fenced off by revisions.
 */
export function startHeartbeat(options: {
  readonly store: EventStore;
  readonly instanceId: string;
  readonly leaseTtlMs: number;
  readonly logger: SagaLogger;
}): { stop(): void } {
  const { store, instanceId, leaseTtlMs, logger } = options;
  let beats = 0;
  const beat = () =>
    store.putRecord(heartbeatRecord(instanceId), { beat: ++beats }).catch((error: unknown) => {
      logger.warn({ err: error }, 'heartbeat not written');
    });
  void beat();
  const timer = setInterval(() => void beat(), leaseTtlMs / 4);
  return { stop: () => clearInterval(timer) };
}
