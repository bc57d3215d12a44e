import { create, fromBinary, isMessage, toBinary, type DescMessage, type DescService, type MessageInitShape, type MessageShape } from '@bufbuild/protobuf';
import { Metadata, Server, ServerCredentials, status, type sendUnaryData, type ServerUnaryCall, type ServerWritableStream, type ServiceDefinition, type UntypedServiceImplementation } from '@grpc/grpc-js';
import { AdminService, RefitError, RegistryService, ValidationService } from '@refit/contracts';

type Handlers<S extends DescService> = {
  readonly [K in keyof S['method']]?: S['method'][K] extends { methodKind: 'unary'; input: infer I extends DescMessage; output: infer O extends DescMessage }
    ? (request: MessageShape<I>) => MessageInitShape<O> | Promise<MessageInitShape<O>>
    : S['method'][K] extends { methodKind: 'server_streaming'; input: infer I extends DescMessage; output: infer O extends DescMessage }
      ? (request: MessageShape<I>, signal: AbortSignal) => AsyncIterable<MessageShape<O>>
      : never;
};

/** The methods that a test's server has; the others are not implemented. */
export type TestHandlers = Handlers<typeof AdminService> & Handlers<typeof RegistryService> & Handlers<typeof ValidationService>;

export interface TestServer {
  readonly address: string;
  /** Resolves when no stream is open. */
  idle(): Promise<void>;
  stop(): void;
}

/** A real gRPC server on a free loopback port, which answers with these handlers and sends RefitErrors as Refit does. */
export async function startTestServer(handlers: TestHandlers): Promise<TestServer> {
  const server = new Server();
  const open = new Set<Promise<void>>();
  for (const service of [AdminService, RegistryService, ValidationService] as const) {
    const { definition, implementation } = implement(service, handlers as Record<string, Handler | undefined>, open); // looked up by method name only
    if (Object.keys(definition).length > 0) server.addService(definition, implementation);
  }
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, bound) => (error ? reject(error) : resolve(bound)));
  });
  return {
    address: `127.0.0.1:${port}`,
    idle: async () => void (await Promise.all(open)),
    stop: () => server.forceShutdown(),
  };
}

type Handler = (request: object, signal: AbortSignal) => unknown;

function implement(service: DescService, handlers: Record<string, Handler | undefined>, open: Set<Promise<void>>) {
  const definition: Record<string, ServiceDefinition[string]> = {};
  const implementation: UntypedServiceImplementation = {};
  for (const method of service.methods) {
    const handle = handlers[method.localName];
    if (!handle) continue;
    const write = (value: object) => Buffer.from(toBinary(method.output, isMessage(value, method.output) ? value : create(method.output, value as MessageInitShape<DescMessage>))); // handlers are typed by their method
    const responseStream = method.methodKind === 'server_streaming';
    definition[method.name] = {
      path: `/${service.typeName}/${method.name}`, requestStream: false, responseStream,
      requestDeserialize: (bytes: Buffer): object => fromBinary(method.input, bytes), requestSerialize: write, responseSerialize: write,
      responseDeserialize: (bytes: Buffer): object => fromBinary(method.output, bytes),
    };
    implementation[method.name] = responseStream ? (call: ServerWritableStream<object, object>) => void stream(handle, call, open) : (call: ServerUnaryCall<object, object>, done: sendUnaryData<object>) => void answer(handle, call, done);
  }
  return { definition, implementation };
}

async function answer(handle: Handler, call: ServerUnaryCall<object, object>, done: sendUnaryData<object>): Promise<void> {
  try {
    done(null, (await handle(call.request, new AbortController().signal)) as object); // a message or its shape
  } catch (error) {
    done(wireError(error));
  }
}

async function stream(handle: Handler, call: ServerWritableStream<object, object>, open: Set<Promise<void>>): Promise<void> {
  const controller = new AbortController();
  call.on('cancelled', () => controller.abort());
  const work = (async () => {
    for await (const message of handle(call.request, controller.signal) as AsyncIterable<object>) call.write(message); // stream handlers return iterables
    call.end();
  })();
  const settled = work.catch((error: unknown) => void call.emit('error', wireError(error)));
  open.add(settled);
  await settled;
  open.delete(settled);
}

function wireError(error: unknown): { code: status; details: string; metadata: Metadata } {
  const { code, message, metadata } = error as { code?: status; message: string; metadata?: Metadata }; // tests throw errors
  if (!(error instanceof RefitError)) return { code: code ?? status.UNKNOWN, details: message, metadata: metadata ?? new Metadata() };
  const trailer = new Metadata();
  trailer.set('refit-error-bin', Buffer.from(JSON.stringify({ code: error.code, message, details: error.details })));
  return { code: status.INVALID_ARGUMENT, details: message, metadata: trailer };
}
