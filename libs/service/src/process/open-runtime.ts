import { join } from 'node:path';
import { folderArtifactStore } from '@refit/artifacts';
import type { Bus } from '@refit/bus';
import type { EventStore } from '@refit/event-store';
import { startHeartbeat } from '@refit/saga';
import { workerPool } from '@refit/workers';
import type { RefitConfig, Runtime } from '../runtime.js';
import type { Closing } from './closing.js';
import { busName, openBus } from './open-bus.js';
import { openStore, storeName } from './open-store.js';
import type { Place } from './take-place.js';
import { whenReachable, type Waiting } from './when-reachable.js';

/** Most memory for one job in a worker thread. */
const workerMemoryMb = 1024;

/** What stands between the services and the ports, for tests that inject faults. */
export interface Wrappers {
  readonly bus?: (bus: Bus) => Bus;
  readonly store?: (store: EventStore) => EventStore;
}

/**
 * Everything that the services of one process share, each part through the adapter that the configuration names. What is
 * on another machine is waited for. What it opens is added to `closing`.
 *
 * @throws RefitError DATA_DIRECTORY_UNUSABLE, DISK_FULL, STORE_CORRUPT, STORE_UNAVAILABLE (of a file that nobody shares)
 */
export async function openRuntime(config: RefitConfig, closing: Closing, { logger, soleInstance, instanceId, instanceName, predecessor }: Place, waiting: Waiting, wrap: Wrappers = {}): Promise<Runtime> {
  const { dataDirectory, leaseTtlMs, workerThreads } = config;
  const isOurs = config.store.kind === 'sqlite' && soleInstance;
  const opened = await (isOurs ? openStore(config, logger) : whenReachable(storeName(config), () => openStore(config, logger), waiting));
  closing.add(() => opened.close());
  const store = wrap.store?.(opened) ?? opened;
  const artifacts = await folderArtifactStore(join(dataDirectory, 'artifacts'));
  const workers = workerPool({ threads: workerThreads, memoryLimitMb: workerMemoryMb, logger });
  closing.add(() => workers.close());
  const { bus: reached, inbox, close } = await whenReachable(busName(config), () => openBus(config, instanceName ?? 'up', logger), waiting);
  closing.add(close);
  const heartbeat = startHeartbeat({ store, instanceId, leaseTtlMs, logger });
  closing.add(() => heartbeat.stop());
  return {
    config, instanceId, ...(instanceName !== undefined && { instanceName }), ...(predecessor !== undefined && { predecessor }), soleInstance, store, bus: wrap.bus?.(reached) ?? reached, ...(inbox && { inbox }), artifacts, workers, logger,
  };
}
