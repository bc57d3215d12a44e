import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { destination, pino, stdTimeFunctions, type Logger } from 'pino';
import { v7 as uuid } from 'uuid';
import { folderArtifactStore } from '@refit/artifacts';
import { startRelay, type Bus } from '@refit/bus';
import { embeddedBus } from '@refit/bus/embedded';
import { openSqliteEventStore } from '@refit/event-store/sqlite';
import { startHeartbeat } from '@refit/saga';
import type { RefitConfig, Runtime } from '@refit/service';
import { workerPool } from '@refit/workers';
import type { Closing } from './closing.js';
import { lockDataDirectory } from './data-directory.js';

/** Most memory for one job in a worker thread. */
const workerMemoryMb = 1024;

/** Everything the services of one process share: SQLite, folder, in-process bus. What it opens is added to `closing`. */
export async function embeddedRuntime(config: RefitConfig, closing: Closing, wrapBus: (bus: Bus) => Bus = (bus) => bus): Promise<Runtime> {
  const { dataDirectory, leaseTtlMs, workerThreads } = config;
  const lock = lockDataDirectory(dataDirectory);
  closing.add(() => lock.release());
  mkdirSync(join(dataDirectory, 'projections'), { recursive: true });
  const logger = fileLogger(join(dataDirectory, 'refit.log'));
  const store = await openSqliteEventStore({ file: join(dataDirectory, 'events.sqlite') });
  closing.add(() => store.close());
  const artifacts = await folderArtifactStore(join(dataDirectory, 'artifacts'));
  const workers = workerPool({ threads: workerThreads, memoryLimitMb: workerMemoryMb, logger });
  closing.add(() => workers.close());
  const bus = wrapBus(embeddedBus({ logger }));
  closing.add(() => bus.close());
  const instanceId = uuid();
  const heartbeat = startHeartbeat({ store, instanceId, leaseTtlMs, logger });
  closing.add(() => heartbeat.stop());
  return { config, instanceId, soleInstance: true, store, bus, artifacts, workers, logger };
}

/** Call once the services subscribe: what is published before would be found by their scans only. */
export function relayLog({ store, bus, instanceId, config, logger }: Runtime, closing: Closing): void {
  const relay = startRelay({ store, bus, instanceId, leaseTtlMs: config.leaseTtlMs, logger });
  closing.add(() => relay.stop());
}

const fileLogger = (file: string): Logger =>
  pino({ level: process.env['REFIT_LOG_LEVEL'] ?? 'info', base: null, timestamp: stdTimeFunctions.isoTime }, destination({ dest: file, sync: false, append: true }));
