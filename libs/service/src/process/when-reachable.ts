import { setTimeout as sleep } from 'node:timers/promises';
import { RefitError } from '@refit/contracts';
import type { Logger } from 'pino';

export interface Waiting {
  readonly logger: Pick<Logger, 'warn' | 'info'>;
  /** Ends the waiting; then its reason is thrown. */
  readonly signal: AbortSignal;
  /** Why it waits; undefined when that is over. */
  readonly onWaiting: (what: string, why: string | undefined) => void;
}

const firstPauseMs = 250;
const longestPauseMs = 5000;
/** So often it is said again that something is still away. */
const toldEveryMs = 30_000;

/**
 * What `open` returns, tried until what it needs is there: it is started in any order, and comes back. Only a moment's
 * trouble is waited for; it is said at once, and again every half minute.
 *
 * @throws whatever `open` throws that trying again does not mend; the signal's reason
 */
export async function whenReachable<T>(what: string, open: () => Promise<T>, { logger, signal, onWaiting }: Waiting): Promise<T> {
  let told: number | undefined;
  for (let pauseMs = firstPauseMs; ; pauseMs = Math.min(pauseMs * 2, longestPauseMs)) {
    try {
      const opened = await open();
      if (told !== undefined) logger.info({ what }, `${what} is there`);
      onWaiting(what, undefined);
      return opened;
    } catch (error) {
      signal.throwIfAborted();
      if (!(error instanceof RefitError && error.retryable)) throw error;
      onWaiting(what, `waiting for ${what}: ${error.message}`);
      if (told === undefined || performance.now() - told >= toldEveryMs) {
        told = performance.now();
        logger.warn({ what, code: error.code }, `waiting for ${what}: ${error.message}`);
      }
    }
    await sleep(pauseMs * (0.75 + Math.random() / 2), undefined, { signal }).catch(() => signal.throwIfAborted());
  }
}
