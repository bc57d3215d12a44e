import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { v7 as uuid } from 'uuid';
import { folderArtifactStore } from '@refit/artifacts';
import { startRelay, type Bus } from '@refit/bus';
import { embeddedBus } from '@refit/bus/embedded';
import { RefitError } from '@refit/contracts';
import type { EventStore } from '@refit/event-store';
import { openSqliteEventStore } from '@refit/event-store/sqlite';
import { startHeartbeat } from '@refit/saga';
import type { RefitConfig, Runtime } from '@refit/service';
import { workerPool } from '@refit/workers';
import type { Closing } from './closing.js';
import { lockDataDirectory } from './data-directory.js';
import { fileLogger } from './file-logger.js';

/** Most memory for one job in a worker thread. */
const workerMemoryMb = 1024;

/** What stands between the services and the ports, for tests that inject faults. */
export interface Wrappers {
  readonly bus?: (bus: Bus) => Bus;
  readonly store?: (store: EventStore) => EventStore;
}

/** Everything the services of one process share: SQLite, folder, in-process bus. What it opens is added to `closing`. */
export async function embeddedRuntime(config: RefitConfig, closing: Closing, wrap: Wrappers): Promise<Runtime> {
  const { dataDirectory, leaseTtlMs, workerThreads } = config;
  const lock = lockDataDirectory(dataDirectory);
  closing.add(() => lock.release());
  const logger = fileLogger(join(dataDirectory, 'refit.log'));
  const log = join(dataDirectory, 'events.sqlite');
  requireLog(log, dataDirectory);
  const sqlite = await openSqliteEventStore({ file: log });
  closing.add(() => sqlite.close());
  const store = wrap.store?.(sqlite) ?? sqlite;
  const artifacts = await folderArtifactStore(join(dataDirectory, 'artifacts'));
  const workers = workerPool({ threads: workerThreads, memoryLimitMb: workerMemoryMb, logger });
  closing.add(() => workers.close());
  const embedded = embeddedBus({ logger });
  const bus = wrap.bus?.(embedded) ?? embedded;
  closing.add(() => bus.close());
  const instanceId = uuid();
  const heartbeat = startHeartbeat({ store, instanceId, leaseTtlMs, logger });
  closing.add(() => heartbeat.stop());
  return { config, instanceId, soleInstance: true, store, bus, artifacts, workers, logger };
}

/** Read models are made after the log: where they are, a log without a byte has been lost. */
function requireLog(log: string, dataDirectory: string): void {
  if (statSync(log, { throwIfNoEntry: false })?.size !== 0 || !existsSync(join(dataDirectory, 'projections'))) return;
  throw new RefitError('STORE_CORRUPT', `the event store ${log} is empty, though ${dataDirectory} has been in use. Put a backup in its place, or remove the file to start with an empty log`);
}

/** Call once the services subscribe: what is published before would be found by their scans only. */
export function relayLog({ store, bus, instanceId, soleInstance, config, logger }: Runtime, closing: Closing): void {
  const relay = startRelay({ store, bus, instanceId, leaseTtlMs: config.leaseTtlMs, soleInstance, logger });
  closing.add(() => relay.stop());
}
