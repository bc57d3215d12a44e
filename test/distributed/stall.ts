import type { EventStore } from '@refit/event-store';
import type { Services } from '../support/services.ts';

/**
 * Stalls a process, at a moment when it does not write: it would keep the lock of the shared SQLite file, and nothing at
 * all could go on.
 */
export async function stall(services: Services, name: string, store: EventStore): Promise<void> {
  for (let tries = 1; ; tries++) {
    services.stall(name);
    try {
      await store.putRecord('probe', tries);
      return;
    } catch (error) {
      services.resume(name);
      if (tries === 5) throw error;
    }
  }
}
