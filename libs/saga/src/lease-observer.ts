import { heartbeatRecord } from '@refit/contracts';
import type { EventStore } from '@refit/event-store';

/**
 * Tells which instances are dead: those whose heartbeat record has not changed for the lease's time to live, on this
 * observer's own monotonic clock. Clocks of different machines are never compared.
 */
export class LeaseObserver {
  readonly #seen = new Map<string, { revision: number; since: number }>();

  constructor(
    private readonly store: EventStore,
    private readonly leaseTtlMs: number,
    private readonly monotonicNow: () => number = () => performance.now(),
  ) {}

  /** Looks at the instances' records; returns those that are dead by now. Forgets all others. */
  async observe(instanceIds: readonly string[]): Promise<readonly string[]> {
    const wanted = new Set(instanceIds);
    for (const id of this.#seen.keys()) if (!wanted.has(id)) this.#seen.delete(id);
    const dead: string[] = [];
    for (const id of wanted) if (await this.#isDead(id)) dead.push(id);
    return dead;
  }

  async #isDead(instanceId: string): Promise<boolean> {
    const revision = (await this.store.getRecord(heartbeatRecord(instanceId)))?.revision ?? -1;
    const now = this.monotonicNow();
    const seen = this.#seen.get(instanceId);
    if (seen?.revision !== revision) {
      this.#seen.set(instanceId, { revision, since: now });
      return false;
    }
    return now - seen.since >= this.leaseTtlMs;
  }
}
