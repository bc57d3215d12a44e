import { checkAttributes } from './check-attributes.js';
import { invalid, shorten } from './envelope.js';
import { dataArrivedType, decayDetectedType, maximumCloudEventBytes, type CloudEventMessage, type OutsideEvent } from './outside-event.js';
import { readBatch, readDecay } from './read-data.js';
import { readEnvelope } from './read-envelope.js';

/**
 * A CloudEvent 1.0 from outside, in binary or structured mode, as JSON or protobuf.
 *
 * @throws RefitError CLOUD_EVENT_INVALID, whose message says what is wrong and where
 */
export async function parseCloudEvent(message: CloudEventMessage): Promise<OutsideEvent> {
  if (message.body.byteLength > maximumCloudEventBytes) {
    throw invalid(`the body has more than ${maximumCloudEventBytes} bytes (256 KiB); send the data's address, not the data`);
  }
  const envelope = readEnvelope(message);
  const { type, ...occurrence } = await checkAttributes(envelope);
  switch (type) {
    case dataArrivedType:
      return { kind: 'data-arrived', ...occurrence, batch: readBatch(envelope.data) };
    case decayDetectedType:
      return { kind: 'decay-detected', ...occurrence, decay: readDecay(envelope.data) };
    default:
      throw invalid(`${envelope.nameOf('type')} is "${shorten(type)}", which Refit does not know; it takes ${dataArrivedType} and ${decayDetectedType}`);
  }
}
