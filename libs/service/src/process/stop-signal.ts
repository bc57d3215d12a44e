export interface StopSignal {
  readonly signal: AbortSignal;
  readonly stopped: Promise<void>;
}

/**
 * Aborted by the first Ctrl+C or SIGTERM, or when the program that started this one and talks to it (an IPC channel) is
 * gone; a second signal ends the process at once.
 */
export function stopSignal(): StopSignal {
  const controller = new AbortController();
  const { promise: stopped, resolve } = Promise.withResolvers<void>();
  const stop = () => {
    controller.abort();
    resolve();
  };
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      if (controller.signal.aborted) process.exit(130);
      stop();
    });
  }
  process.once('disconnect', stop);
  return { signal: controller.signal, stopped };
}
