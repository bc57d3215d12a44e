import { fromBinary } from '@bufbuild/protobuf';
import { timestampDate } from '@bufbuild/protobuf/wkt';
import { CloudEventSchema, type CloudEvent, type CloudEvent_CloudEventAttributeValue } from '../gen/io/cloudevents/v1/cloudevents_pb.js';
import { dataFromBytes, invalid, parseJson, type Envelope, type EventData } from './envelope.js';

/** A CloudEvent in the specification's protobuf format. */
export function envelopeFromProtobuf(body: Uint8Array): Envelope {
  const event = decode(body);
  const attributes: Record<string, unknown> = {
    ...Object.fromEntries(Object.entries(event.attributes).map(([name, value]) => [name, plainValue(value)])),
    id: event.id,
    source: event.source,
    type: event.type,
    specversion: event.specVersion,
  };
  const nameOf = (attribute: string) => `field ${attribute === 'specversion' ? 'spec_version' : attribute}`;
  return { attributes, data: dataOf(event, attributes['datacontenttype']), nameOf };
}

function decode(body: Uint8Array): CloudEvent {
  try {
    return fromBinary(CloudEventSchema, body);
  } catch (cause) {
    // The decoder throws Errors only.
    throw invalid(`the body is not an io.cloudevents.v1.CloudEvent in protobuf: ${(cause as Error).message}`, cause);
  }
}

function dataOf({ data }: CloudEvent, given: unknown): EventData {
  const contentType = typeof given === 'string' ? given : undefined;
  switch (data.case) {
    case 'binaryData':
      return dataFromBytes(data.value, contentType ?? 'application/json', 'field binary_data');
    case 'textData':
      return { kind: 'json', value: parseJson(new TextEncoder().encode(data.value), 'field text_data') };
    case 'protoData':
      return { kind: 'protobuf', bytes: data.value.value, typeName: data.value.typeUrl.slice(data.value.typeUrl.lastIndexOf('/') + 1) };
    case undefined:
      return { kind: 'none' };
  }
}

function plainValue({ attr }: CloudEvent_CloudEventAttributeValue): unknown {
  return attr.case === 'ceTimestamp' ? timestampDate(attr.value).toISOString() : attr.value;
}
