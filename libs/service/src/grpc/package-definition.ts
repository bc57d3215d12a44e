import { create, fromBinary, isMessage, toBinary, type DescFile, type DescMessage, type DescService, type MessageInitShape } from '@bufbuild/protobuf';
import { FileDescriptorProtoSchema } from '@bufbuild/protobuf/wkt';
import type { MethodDefinition, ServiceDefinition } from '@grpc/grpc-js';
import type { PackageDefinition } from '@grpc/proto-loader';

/** What @nestjs/microservices takes as `packageDefinition`, and @grpc/reflection too, from protobuf-es descriptors. */
export function packageDefinition(...services: readonly DescService[]): PackageDefinition {
  const files = new Map<string, Buffer>();
  const definition: PackageDefinition = {};
  for (const service of services) {
    definition[service.typeName] = serviceDefinition(service) as PackageDefinition[string]; // the loader's type is wider by names only
    collectFiles(service.file, files);
  }
  // Reflection takes the file descriptors off any entry that looks like a message type.
  definition['refit.internal.Files'] = { format: 'Protocol Buffer 3 DescriptorProto', type: {}, fileDescriptorProtos: [...files.values()] } as never; // not a whole descriptor
  return definition;
}

export function serviceDefinition(service: DescService): ServiceDefinition {
  const definition: Record<string, MethodDefinition<object, object>> = {};
  for (const method of service.methods) {
    definition[method.name] = {
      path: `/${service.typeName}/${method.name}`,
      requestStream: method.methodKind === 'client_streaming' || method.methodKind === 'bidi_streaming',
      responseStream: method.methodKind === 'server_streaming' || method.methodKind === 'bidi_streaming',
      requestSerialize: serialize(method.input),
      requestDeserialize: deserialize(method.input),
      responseSerialize: serialize(method.output),
      responseDeserialize: deserialize(method.output),
      originalName: method.localName,
    };
  }
  return definition;
}

/** Takes a message, or a plain object in its shape, so that handlers may return plain objects. */
const serialize = (schema: DescMessage) => (value: object): Buffer => {
  const message = isMessage(value, schema) ? value : create(schema, value as MessageInitShape<DescMessage>); // create checks it
  const bytes = toBinary(schema, message);
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
};

const deserialize = (schema: DescMessage) => (bytes: Buffer) => fromBinary(schema, bytes);

function collectFiles(file: DescFile, into: Map<string, Buffer>): void {
  if (into.has(file.proto.name)) return;
  for (const dependency of file.dependencies) collectFiles(dependency, into);
  into.set(file.proto.name, Buffer.from(toBinary(FileDescriptorProtoSchema, file.proto)));
}
