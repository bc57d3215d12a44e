import 'reflect-metadata';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { INestApplication } from '@nestjs/common';
import { pino } from 'pino';
import { v7 as uuid } from 'uuid';
import { folderArtifactStore } from '@refit/artifacts';
import { startRelay, type Bus } from '@refit/bus';
import { embeddedBus } from '@refit/bus/embedded';
import type { EventStore } from '@refit/event-store';
import { openSqliteEventStore } from '@refit/event-store/sqlite';
import { startHeartbeat } from '@refit/saga';
import { GrpcHost, startService, type Runtime } from '@refit/service';
import { workerPool } from '@refit/workers';
import { runsOfNothing, type RunsOfNothing } from './runs-of-nothing.ts';
import { moduleOfNothing, servicesWithSteps } from './steps-of-nothing.ts';

/** The embedded system with steps that do nothing, in the services that have them in earnest. */
export interface HandOff extends RunsOfNothing {
  readonly store: EventStore;
  readonly bus: Bus;
}

export async function startHandOff(folder: string): Promise<HandOff> {
  mkdirSync(join(folder, 'projections'));
  const logger = pino({ level: 'warn' });
  const store = await openSqliteEventStore({ file: join(folder, 'events.sqlite') });
  const bus = embeddedBus({ logger });
  const config = {
    dataDirectory: folder, host: '127.0.0.1', httpPort: 0, grpcPort: 0, allowedRoots: [folder], leaseTtlMs: 10_000, scanIntervalMs: 5_000,
    slots: 64, workerThreads: 1, store: { kind: 'sqlite' }, bus: { kind: 'embedded' },
  } as const;
  const instanceId = uuid();
  const heartbeat = startHeartbeat({ store, instanceId, leaseTtlMs: config.leaseTtlMs, logger });
  const workers = workerPool({ threads: 1, memoryLimitMb: 64, logger });
  const runtime: Runtime = { config, instanceId, soleInstance: true, store, bus, artifacts: await folderArtifactStore(join(folder, 'artifacts')), workers, logger };
  const grpc = new GrpcHost();
  const apps: INestApplication[] = [];
  for (const [name, steps] of servicesWithSteps) apps.push(await startService({ name, module: moduleOfNothing(steps) }, runtime, grpc));
  const relay = startRelay({ store, bus, instanceId, leaseTtlMs: config.leaseTtlMs, logger });
  const runs = await runsOfNothing(store);
  return {
    store,
    bus,
    run: () => runs.run(),
    async stop() {
      await runs.stop();
      await relay.stop();
      for (const app of apps) await app.close();
      heartbeat.stop();
      await workers.close();
      await bus.close();
      await store.close();
    },
  };
}
