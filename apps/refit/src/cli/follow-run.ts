import { setTimeout as sleep } from 'node:timers/promises';
import { create } from '@bufbuild/protobuf';
import { isRefitError, WatchRunsResponseSchema, type GetRunResponse, type WatchRunsResponse } from '@refit/contracts';
import type { RefitClient } from '../client/index.js';
import { hasEnded } from './render/run-status.js';

export interface FollowSettings {
  readonly signal: AbortSignal;
  /** Called with each event of the run, once and in order, and with progress in between. */
  readonly onChange: (change: WatchRunsResponse) => void;
  /** The server went away; it may come back. */
  readonly onLost?: () => void;
  readonly retryMs?: number;
  readonly giveUpAfterMs?: number;
}

/**
 * Follows a run from its beginning until it ends, also across a restart of the server.
 *
 * @returns the run as it ended; undefined when the signal came first
 * @throws RefitError SERVER_UNREACHABLE when the server stays away
 */
export async function followRun(client: RefitClient, runId: string, settings: FollowSettings): Promise<GetRunResponse | undefined> {
  const { signal, onLost, retryMs = 500, giveUpAfterMs = 60_000 } = settings;
  const tell = inOrder(settings.onChange);
  let lostFor = 0;
  while (!signal.aborted) {
    try {
      const ended = await watchOnce(client, runId, signal, tell);
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

/** Passes on each event once, however often it is read. */
function inOrder(onChange: FollowSettings['onChange']): FollowSettings['onChange'] {
  let next = 0;
  return (change) => {
    if (change.event && change.event.revision < next) return;
    if (change.event) next = change.event.revision + 1;
    onChange(change);
  };
}

async function watchOnce(client: RefitClient, runId: string, signal: AbortSignal, tell: FollowSettings['onChange']): Promise<GetRunResponse | undefined> {
  const stop = new AbortController();
  const changes = client.admin.watchRuns({ runId }, { signal: AbortSignal.any([signal, stop.signal]) });
  // A watch tells what happens from now on: it is begun before the run is read, so that nothing falls between the two.
  const first = changes.next();
  first.catch(() => {}); // thrown below, unless the run has ended
  try {
    const sofar = await client.admin.getRun({ runId });
    for (const event of sofar.events) tell(create(WatchRunsResponseSchema, { event, ...(sofar.run && { run: sofar.run }) }));
    if (isEnded(sofar)) return sofar;
    for (let change = await first; !change.done; change = await changes.next()) {
      tell(change.value);
      if (change.value.run && hasEnded(change.value.run)) break;
    }
  } finally {
    stop.abort();
    await first.catch(() => {}); // nobody waits for it any more
  }
  if (signal.aborted) return undefined;
  const now = await client.admin.getRun({ runId });
  return isEnded(now) ? now : undefined;
}

const isEnded = ({ run }: GetRunResponse) => run !== undefined && hasEnded(run);
