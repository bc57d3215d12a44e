import 'reflect-metadata';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { Module, type INestApplication } from '@nestjs/common';
import { pino } from 'pino';
import { v7 as uuid } from 'uuid';
import { folderArtifactStore } from '@refit/artifacts';
import { startRelay, type Bus } from '@refit/bus';
import { embeddedBus } from '@refit/bus/embedded';
import {
  DataIngestedSchema, DataTransformedSchema, DataValidatedSchema, event, ModelAcceptedSchema, ModelDeployedSchema, ModelEvaluatedSchema,
  ModelRegisteredSchema, ModelTrainedSchema, PipelineAppliedSchema, pipelineStream, ReasonJudgedSchema, RunRequestedSchema, runStream,
  RunStartedSchema, Step, streamSubject, triggerStream, type RunEvent,
} from '@refit/contracts';
import type { EventStore } from '@refit/event-store';
import { openSqliteEventStore } from '@refit/event-store/sqlite';
import { allSteps } from '@refit/run';
import { startHeartbeat, toNewEvents, type StepHandler } from '@refit/saga';
import { GrpcHost, startService, stepsModule, type Runtime } from '@refit/service';
import { workerPool } from '@refit/workers';

/** The embedded system with steps that do nothing, in the services that have them in earnest. */
export interface HandOff {
  readonly store: EventStore;
  readonly bus: Bus;
  /** One run, from its trigger to RunCompleted; returns its id. */
  run(): Promise<string>;
  stop(): Promise<void>;
}

/** Of one run alone: the trigger's, the request, and a claim and an outcome for each step. */
export const appendsPerRun = 2 + 2 * allSteps.length;

const outcomes: Record<number, () => RunEvent> = {
  [Step.INGEST]: () => event(DataIngestedSchema, {}),
  [Step.VALIDATE]: () => event(DataValidatedSchema, {}),
  [Step.TRANSFORM]: () => event(DataTransformedSchema, {}),
  [Step.TRAIN]: () => event(ModelTrainedSchema, {}),
  [Step.EVALUATE]: () => event(ModelEvaluatedSchema, {}),
  [Step.JUDGE]: () => event(ModelAcceptedSchema, {}),
  [Step.REGISTER]: () => event(ModelRegisteredSchema, {}),
  [Step.DEPLOY]: () => event(ModelDeployedSchema, {}),
};

const servicesWithSteps: readonly [name: string, steps: readonly Step[]][] = [
  ['registry', [Step.REGISTER, Step.DEPLOY]],
  ['evaluation', [Step.EVALUATE, Step.JUDGE]],
  ['training', [Step.TRANSFORM, Step.TRAIN]],
  ['validation', [Step.VALIDATE]],
  ['ingestion', [Step.INGEST]],
];

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
  for (const [name, steps] of servicesWithSteps) apps.push(await startService({ name, module: moduleOf(steps) }, runtime, grpc));
  const relay = startRelay({ store, bus, instanceId, leaseTtlMs: config.leaseTtlMs, logger });
  await store.append(pipelineStream('nothing'), toNewEvents([event(PipelineAppliedSchema, { version: 1, spec: { name: 'nothing' } })], {}), 'no-stream');

  const waiting = new Map<string, () => void>();
  const listening = new AbortController();
  const completions = (async () => {
    for await (const message of store.subscribe({ after: 'end', filter: { types: ['refit.run.v1.RunCompleted'] }, signal: listening.signal })) {
      if (message.kind === 'event') waiting.get(streamSubject(message.event.stream))?.();
    }
  })().catch(() => {});

  return {
    store,
    bus,
    async run() {
      const runId = uuid();
      const completed = new Promise<void>((resolve) => waiting.set(runId, resolve));
      const reason = { source: 'bench', id: runId };
      await store.append(triggerStream(runId), toNewEvents([event(ReasonJudgedSchema, { reason, runId }), event(RunStartedSchema, { reason, runId })], {}), 'no-stream');
      await store.append(runStream(runId), toNewEvents([event(RunRequestedSchema, { runId, pipeline: 'nothing', specVersion: 1, plan: [...allSteps], reason })], {}), 'no-stream');
      await completed;
      waiting.delete(runId);
      return runId;
    },
    async stop() {
      listening.abort();
      await completions;
      await relay.stop();
      for (const app of apps) await app.close();
      heartbeat.stop();
      await workers.close();
      await bus.close();
      await store.close();
    },
  };
}

/** A Nest module with a handler for each of the steps. */
function moduleOf(steps: readonly Step[]) {
  const handlers = steps.map((step) => class Nothing implements StepHandler {
    readonly step = step;
    async work() {
      return [outcomes[step]!()];
    }
  });
  // Without decorator syntax, which plain Node does not take out of a file.
  class Nothings {
    readonly steps = steps;
  }
  Module({ imports: [stepsModule(...handlers)] })(Nothings);
  return Nothings;
}
