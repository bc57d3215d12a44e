import { Metadata, Server, ServerCredentials, status, type sendUnaryData, type UntypedServiceImplementation } from '@grpc/grpc-js';
import { ServerFeaturesService } from '@kurrent/kurrentdb-client/generated/kurrentdb/protocols/v1/serverfeatures_grpc_pb.js';
import featuresPb from '@kurrent/kurrentdb-client/generated/kurrentdb/protocols/v1/serverfeatures_pb.js';
import type { SupportedMethods } from '@kurrent/kurrentdb-client/generated/kurrentdb/protocols/v1/serverfeatures_pb.js';
import { StreamsService } from '@kurrent/kurrentdb-client/generated/kurrentdb/protocols/v1/streams_grpc_pb.js';
import { answerBatchAppend, type BatchAppendCall } from './fake-appends.js';
import { FakeLog } from './fake-log.js';
import { addNoise } from './fake-noise.js';
import { answerRead, type ReadCall } from './fake-reads.js';

export interface FakeOptions {
  readonly tls?: { readonly key: Buffer; readonly certificate: Buffer };
  /** Refuses everybody else. */
  readonly credentials?: string;
}

/** Every so many appends others write something too. */
const appendsPerNoise = 25;

/**
 * Speaks as much of KurrentDB's gRPC protocol as the adapter uses, over a real connection, with the rules of `FakeLog`
 * and of subscriptions (Enumerator.AllSubscriptionFiltered in the server's sources). It shows how the adapter and the
 * client library get on, and nothing about a real server.
 */
export class FakeKurrentDb {
  readonly log = new FakeLog();
  /** Appends are carried out, and their answers are lost with the connection. */
  loseAnswers = false;
  /** Nothing is answered any more, though the connection stays. */
  silent = false;
  subscriptions = 0;
  readonly #options: FakeOptions;
  #server: Server | undefined;
  #port = 0;
  #appends = 0;

  constructor(options: FakeOptions = {}) {
    this.#options = options;
    addNoise(this.log);
  }

  get url(): string {
    return `kurrentdb://localhost:${this.#port}${this.#options.tls === undefined ? '?tls=false' : ''}`;
  }

  /** At the same port as before. */
  async start(): Promise<void> {
    const server = new Server({ 'grpc.max_receive_message_length': 17 * 1024 * 1024 });
    server.addService(StreamsService, this.#streams());
    server.addService(ServerFeaturesService, { getSupportedMethods: (call: { metadata: Metadata }, answer: sendUnaryData<SupportedMethods>) => this.#supportedMethods(answer) });
    this.#port = await new Promise<number>((resolve, reject) => server.bindAsync(`localhost:${this.#port}`, this.#serverCredentials(), (error, port) => (error ? reject(error) : resolve(port))));
    this.#server = server;
  }

  /** Connections end in the middle of whatever goes on. */
  stop(): void {
    this.#server?.forceShutdown();
    this.#server = undefined;
  }

  async restart(): Promise<void> {
    this.stop();
    await this.start();
  }

  #streams(): UntypedServiceImplementation {
    const refuse = () => {
      throw new Error('The adapter is not known to call this.');
    };
    return { read: (call: ReadCall) => void this.#read(call), batchAppend: (call: BatchAppendCall) => this.#batchAppend(call), append: refuse, delete: refuse, tombstone: refuse };
  }

  async #read(call: ReadCall): Promise<void> {
    if (this.silent) return;
    if (!this.#isAllowed(call.metadata)) return void call.emit('error', accessDenied());
    if (call.request.getOptions()?.hasSubscription()) this.subscriptions += 1;
    await answerRead(this.log, call);
    call.end();
  }

  #batchAppend(call: BatchAppendCall): void {
    if (!this.#isAllowed(call.metadata)) return void call.emit('error', accessDenied());
    answerBatchAppend(this.log, call, (answer) => {
      this.#appends += 1;
      if (this.#appends % appendsPerNoise === 0) addNoise(this.log);
      if (this.loseAnswers) {
        this.loseAnswers = false;
        void this.restart();
      } else if (!this.silent) {
        answer();
      }
    });
  }

  #supportedMethods(answer: sendUnaryData<SupportedMethods>): void {
    if (this.silent) return;
    const batchAppend = new featuresPb.SupportedMethod().setServiceName('event_store.client.streams.streams').setMethodName('batchappend');
    batchAppend.setFeaturesList(['deadline_duration']);
    answer(null, new featuresPb.SupportedMethods().setEventStoreServerVersion('26.0.3').setMethodsList([batchAppend]));
  }

  #isAllowed(metadata: Metadata): boolean {
    const { credentials } = this.#options;
    return credentials === undefined || metadata.get('authorization')[0] === `Basic ${Buffer.from(credentials).toString('base64')}`;
  }

  #serverCredentials(): ServerCredentials {
    const { tls } = this.#options;
    return tls === undefined ? ServerCredentials.createInsecure() : ServerCredentials.createSsl(null, [{ private_key: tls.key, cert_chain: tls.certificate }]);
  }
}

function accessDenied() {
  const metadata = new Metadata();
  metadata.set('exception', 'access-denied');
  return Object.assign(new Error('Access Denied'), { code: status.PERMISSION_DENIED, details: 'Access Denied', metadata });
}
