import { createRequire } from 'node:module';

/** The private parts of kafkajs 2.2.4's request queue that are touched here. */
interface RequestQueue {
  readonly pending: readonly unknown[];
  readonly throttledUntil: number;
  throttleCheckTimeoutId: NodeJS.Timeout | null;
  checkPendingRequests(): void;
  scheduleCheckPendingRequests(): void;
}

const checkEveryMs = 10;

/**
 * kafkajs 2.2.4 sets a timer after each response even when no request is waiting, for a time that is long past; it fires
 * after 1 ms and sets itself again, for each connection, for ever: some 5 % of a core, and a TimeoutNegativeWarning on
 * Node 24. A check is needed only while requests wait.
 */
export function calmRequestQueue(): void {
  // kafkajs is CommonJS without types for its insides; this file must be there in the pinned version
  const queue = createRequire(import.meta.url)('kafkajs/src/network/requestQueue/index.js') as { prototype: RequestQueue };
  queue.prototype.scheduleCheckPendingRequests = function scheduleCheckPendingRequests() {
    if (this.throttleCheckTimeoutId !== null || this.pending.length === 0) return;
    this.throttleCheckTimeoutId = setTimeout(() => {
      this.throttleCheckTimeoutId = null;
      this.checkPendingRequests();
    }, Math.max(this.throttledUntil - Date.now(), checkEveryMs));
  };
}
