import { setTimeout as sleep } from 'node:timers/promises';
import { isRefitError, type GetRunResponse, type Run, type WatchRunsResponse } from '@refit/contracts';
import type { RefitClient } from '../client/index.js';
import { hasEnded } from './render/run-status.js';

export interface FollowSettings {
  readonly signal: AbortSignal;
  /** Called with each change of the run. */
  readonly onChange: (change: WatchRunsResponse) => void;
  /** The server went away; it may come back. */
  readonly onLost?: () => void;
  readonly retryMs?: number;
  readonly giveUpAfterMs?: number;
}

/**
 * Watches a run until it ends, also across a restart of the server.
 *
 * @returns the run as it ended; undefined when the signal came first
 * @throws RefitError SERVER_UNREACHABLE when the server stays away
 */
export async function followRun(client: RefitClient, runId: string, settings: FollowSettings): Promise<GetRunResponse | undefined> {
  const { signal, onLost, retryMs = 500, giveUpAfterMs = 60_000 } = settings;
  let lostFor = 0;
  while (!signal.aborted) {
    try {
      const ended = await watchOnce(client, runId, settings);
      if (ended) return ended;
      lostFor = 0;
    } catch (error) {
      if (!isRefitError(error, 'SERVER_UNREACHABLE') || lostFor >= giveUpAfterMs) throw error;
      if (lostFor === 0) onLost?.();
      lostFor += retryMs;
    }
    await sleep(retryMs, undefined, { signal }).catch(() => {}); // aborted: the loop ends
  }
  return undefined;
}

async function watchOnce(client: RefitClient, runId: string, { signal, onChange }: FollowSettings): Promise<GetRunResponse | undefined> {
  const stop = new AbortController();
  const changes = client.admin.watchRuns({ runId }, { signal: AbortSignal.any([signal, stop.signal]) });
  // The run may end before the watch begins: it is asked for while the first change is awaited.
  const first = changes.next();
  first.catch(() => {}); // thrown below, unless the run has ended
  const already = await client.admin.getRun({ runId });
  if (endedRun(already)) {
    stop.abort();
    await first.catch(() => {}); // nobody waits for it any more
    return already;
  }
  for (let change = await first; !change.done; change = await changes.next()) {
    onChange(change.value);
    if (change.value.run && hasEnded(change.value.run)) break;
  }
  stop.abort();
  await changes.return(undefined).catch(() => {}); // the stream is closed already
  if (signal.aborted) return undefined;
  const now = await client.admin.getRun({ runId });
  return endedRun(now) ? now : undefined;
}

const endedRun = ({ run }: GetRunResponse): Run | undefined => (run && hasEnded(run) ? run : undefined);
