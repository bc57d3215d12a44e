import type { Piscina } from 'piscina';

const INTERVAL_MS = 100;
const MB = 1024 * 1024;

/**
 * Calls `exceeded` once when a thread's heap and array buffers together pass the limit.
 *
 * V8's own limit (`resourceLimits`) counts the heap only, while numerical work lives in typed arrays outside of it.
 * The thread need not yield to be looked at.
 */
export function watchMemory(pool: Piscina, limitMb: number, exceeded: () => void): { watch(threadId: number): void; stop(): void } {
  let timer: NodeJS.Timeout | undefined;
  return {
    watch(threadId) {
      const thread = pool.threads.find((t) => t.threadId === threadId);
      timer = setInterval(() => {
        // A thread that is ending answers with a rejection: there is nothing left to watch.
        thread?.getHeapStatistics().then(
          (heap) => {
            if (heap.used_heap_size + heap.external_memory > limitMb * MB) exceeded();
          },
          () => undefined,
        );
      }, INTERVAL_MS).unref();
    },
    stop() {
      clearInterval(timer);
    },
  };
}
