import { create, fromBinary, toBinary, type DescMessage, type DescMethod, type DescService, type MessageInitShape, type MessageShape } from '@bufbuild/protobuf';
import { Metadata, type CallOptions, type Client, type ClientReadableStream, type ServiceError } from '@grpc/grpc-js';
import { refitError } from './server-error.js';
import type { ServiceAddress } from './service-address.js';

export interface CallSettings {
  /** Aborting ends the call; a stream then ends without an error. */
  readonly signal?: AbortSignal;
  /** Default: 30 s for one answer, none for a stream. */
  readonly timeoutMs?: number;
}

/** A service's methods as functions: one answer as a promise, many as an async iterable. Both fail with RefitError. */
export type ServiceClient<S extends DescService> = {
  readonly [K in keyof S['method']]: S['method'][K] extends { methodKind: 'unary'; input: infer I extends DescMessage; output: infer O extends DescMessage }
    ? (request: MessageInitShape<I>, settings?: CallSettings) => Promise<MessageShape<O>>
    : S['method'][K] extends { methodKind: 'server_streaming'; input: infer I extends DescMessage; output: infer O extends DescMessage }
      ? (request: MessageInitShape<I>, settings?: CallSettings) => AsyncGenerator<MessageShape<O>, void, undefined>
      : never;
};

/** A client of one service over a channel that the caller closes. The address is for messages. */
export function serviceClient<S extends DescService>(service: S, channel: Client, address: ServiceAddress, token?: string): ServiceClient<S> {
  const open = { channel, address, metadata: metadataOf(token) };
  const methods = service.methods.map((method) => [method.localName, method.methodKind === 'unary' ? unary(open, method) : serverStream(open, method)]);
  return Object.fromEntries(methods) as ServiceClient<S>; // each method was made from its own descriptor
}

interface OpenChannel {
  readonly channel: Client;
  readonly address: ServiceAddress;
  readonly metadata: Metadata;
}

function metadataOf(token: string | undefined): Metadata {
  const metadata = new Metadata();
  if (token !== undefined) metadata.set('authorization', `Bearer ${token}`);
  return metadata;
}

const defaultTimeoutMs = 30_000;

function unary({ channel, address, metadata }: OpenChannel, method: DescMethod) {
  const { path, serialize, deserialize } = wire(method);
  return (request: MessageInitShape<DescMessage>, settings: CallSettings = {}): Promise<object> =>
    new Promise((resolve, reject) => {
      const options: CallOptions = { deadline: Date.now() + (settings.timeoutMs ?? defaultTimeoutMs) };
      const call = channel.makeUnaryRequest(path, serialize, deserialize, request, metadata, options, (error, answer) => {
        if (error) void refitError(error, method, address).then(reject);
        else if (answer) resolve(answer);
      });
      settings.signal?.addEventListener('abort', () => call.cancel(), { once: true });
    });
}

function serverStream({ channel, address, metadata }: OpenChannel, method: DescMethod) {
  const { path, serialize, deserialize } = wire(method);
  return async function* (request: MessageInitShape<DescMessage>, { signal, timeoutMs }: CallSettings = {}): AsyncGenerator<object, void, undefined> {
    if (signal?.aborted) return;
    const options: CallOptions = timeoutMs === undefined ? {} : { deadline: Date.now() + timeoutMs };
    const stream: ClientReadableStream<object> = channel.makeServerStreamRequest(path, serialize, deserialize, request, metadata, options);
    const cancel = () => stream.cancel();
    signal?.addEventListener('abort', cancel, { once: true });
    try {
      yield* stream as AsyncIterable<object>; // a readable stream of what deserialize makes
    } catch (error) {
      if (!signal?.aborted) throw await refitError(error as ServiceError, method, address); // grpc-js rejects with nothing else
    } finally {
      signal?.removeEventListener('abort', cancel);
      cancel();
    }
  };
}

function wire(method: DescMethod) {
  return {
    path: `/${method.parent.typeName}/${method.name}`,
    serialize: (request: MessageInitShape<DescMessage>) => Buffer.from(toBinary(method.input, create(method.input, request))),
    deserialize: (bytes: Buffer): object => fromBinary(method.output, bytes),
  };
}
