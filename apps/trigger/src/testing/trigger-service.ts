import 'reflect-metadata';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { create, type DescMessage, type DescMethodServerStreaming, type DescMethodUnary, type MessageInitShape, type MessageShape } from '@bufbuild/protobuf';
import { Client, credentials, Metadata, type ClientReadableStream } from '@grpc/grpc-js';
import type { INestApplication } from '@nestjs/common';
import { pino } from 'pino';
import { folderArtifactStore } from '@refit/artifacts';
import type { Bus } from '@refit/bus';
import { embeddedBus } from '@refit/bus/embedded';
import {
  AdminService, DataIngestedSchema, decodeEvent, event, RunCompletedSchema, RunFailedSchema, RunOutcome, runStream, Step, triggerStream,
  type DomainEvent, type RunEvent,
} from '@refit/contracts';
import type { EventStore } from '@refit/event-store';
import { openSqliteEventStore } from '@refit/event-store/sqlite';
import { runDecider } from '@refit/run';
import { handle } from '@refit/saga';
import { errorMetadataKey, GrpcHost, serviceDefinition, startService, type RefitConfig, type Runtime } from '@refit/service';
import { TriggerModule } from '../trigger.module.js';

const logger = pino({ level: process.env['REFIT_LOG_LEVEL'] ?? 'silent' });
type Methods = typeof AdminService.method;
type Unary = { [K in keyof Methods]: Methods[K] extends DescMethodUnary ? K : never }[keyof Methods];
type Streaming = { [K in keyof Methods]: Methods[K] extends DescMethodServerStreaming ? K : never }[keyof Methods];

/** The trigger service as it is composed, on an SQLite store in a temporary folder, with a gRPC client. */
export class TriggerService {
  private constructor(
    readonly directory: string,
    readonly store: EventStore,
    readonly bus: Bus,
    readonly url: string,
    private readonly app: INestApplication,
    private readonly grpc: GrpcHost,
    private readonly client: Client,
  ) {}

  static async start(directory?: string, config: Partial<RefitConfig> = {}, change: (runtime: Runtime) => Runtime = (runtime) => runtime): Promise<TriggerService> {
    const home = directory ?? (await mkdtemp(join(tmpdir(), 'refit-trigger-')));
    await mkdir(join(home, 'projections'), { recursive: true });
    await mkdir(join(home, 'data'), { recursive: true });
    const store = await openSqliteEventStore({ file: join(home, 'events.sqlite'), synchronous: 'NORMAL' });
    const runtime = change({
      config: {
        dataDirectory: home, host: '127.0.0.1', httpPort: 0, grpcPort: 0, allowedRoots: [join(home, 'data')], leaseTtlMs: 10_000, scanIntervalMs: 100, slots: 1,
        workerThreads: 1, store: { kind: 'sqlite' as const }, bus: { kind: 'embedded' as const }, ...config,
      },
      instanceId: 'test', soleInstance: true, store, bus: embeddedBus({ logger }), artifacts: await folderArtifactStore(join(home, 'artifacts')), logger,
    } as Partial<Runtime> as Runtime); // the trigger needs no workers
    const grpc = new GrpcHost();
    const app = await startService({ name: 'trigger', module: TriggerModule, grpc: [AdminService] }, runtime, grpc);
    await app.listen(0, '127.0.0.1');
    const port = await grpc.listen('127.0.0.1', 0);
    const client = new Client(`127.0.0.1:${port}`, credentials.createInsecure(), { 'grpc.enable_http_proxy': 0 });
    return new TriggerService(home, store, runtime.bus, await app.getUrl(), app, grpc, client);
  }

  /** Stops it; the folder stays. */
  async stop(): Promise<void> {
    this.client.close();
    await this.app.close();
    await this.grpc.close();
    await this.store.close();
  }

  async restart(start: (directory: string) => Promise<TriggerService> = (directory) => TriggerService.start(directory)): Promise<TriggerService> {
    await this.stop();
    return start(this.directory);
  }

  async remove(): Promise<void> {
    await this.stop();
    await rm(this.directory, { recursive: true, force: true });
  }

  /** Rejects with {code, message, details} of the server's error. */
  call<K extends Unary>(method: K, request: MessageInitShape<Methods[K]['input']>): Promise<MessageShape<Methods[K]['output']>> {
    const { path, requestSerialize, responseDeserialize } = wire(method);
    return new Promise((resolve, reject) => {
      const message = create(AdminService.method[method].input as DescMessage, request as MessageInitShape<DescMessage>); // of the same method
      this.client.makeUnaryRequest(path, requestSerialize, responseDeserialize, message, new Metadata(), {}, (error, answer) => {
        if (!error) return resolve(answer as MessageShape<Methods[K]['output']>); // what responseDeserialize makes
        const [detail] = error.metadata.get(errorMetadataKey);
        reject(Object.assign(new Error(error.details), detail ? JSON.parse(String(detail)) : {}, { status: error.code }));
      });
    });
  }

  stream<K extends Streaming>(method: K, request: MessageInitShape<Methods[K]['input']>): ClientReadableStream<object> & AsyncIterable<MessageShape<Methods[K]['output']>> {
    const { path, requestSerialize, responseDeserialize } = wire(method);
    const message = create(AdminService.method[method].input as DescMessage, request as MessageInitShape<DescMessage>); // of the same method
    const stream = this.client.makeServerStreamRequest(path, requestSerialize, responseDeserialize, message, new Metadata());
    return stream as typeof stream & AsyncIterable<MessageShape<Methods[K]['output']>>; // a readable of what responseDeserialize makes
  }

  /** A file under the allowed folder, with this many rows. */
  async dataFile(name: string, rows: number): Promise<string> {
    const path = join(this.directory, 'data', name);
    await writeFile(path, `date,delay\n${'2001-01-01,5\n'.repeat(rows)}`);
    return path;
  }

  async events(stream: string): Promise<readonly DomainEvent[]> {
    const events: DomainEvent[] = [];
    for await (const recorded of this.store.readStream(stream)) {
      const decoded = decodeEvent(recorded);
      if (decoded) events.push(decoded);
    }
    return events;
  }

  /** Runs that the pipeline's trigger stream says were started. */
  async started(pipeline: string) {
    return (await this.events(triggerStream(pipeline))).filter((e) => e.$typeName === 'refit.trigger.v1.RunStarted');
  }

  async ingest(runId: string): Promise<void> {
    await this.append(runId, [event(DataIngestedSchema, { dataset: 'flights' })]);
  }

  async complete(runId: string): Promise<void> {
    await this.append(runId, [event(RunCompletedSchema, { outcome: RunOutcome.REGISTERED, summary: 'registered delays v1' })]);
  }

  async fail(runId: string): Promise<void> {
    await this.append(runId, [event(RunFailedSchema, { step: Step.INGEST, code: 'DATA_FILE_UNREADABLE', message: 'broken on purpose' })]);
  }

  async append(runId: string, events: readonly RunEvent[]): Promise<void> {
    await handle(this.store, runStream(runId), runDecider, () => events, { correlationId: runId });
  }
}

function wire(method: keyof Methods) {
  const definition = serviceDefinition(AdminService)[AdminService.method[method].name];
  if (!definition) throw new Error(`no method ${method}`);
  return {
    path: definition.path,
    requestSerialize: (request: object) => definition.requestSerialize(request),
    responseDeserialize: (bytes: Buffer): object => definition.responseDeserialize(bytes) as object, // a message
  };
}

/** A pipeline file on the dataset `flights`. */
export const pipelineFile = (name = 'flights-delay', more: readonly string[] = []): string =>
  ['version: refit/v1', `name: ${name}`, 'dataset: flights', 'label: delay', 'trainer: linear', ...more].join('\n');
