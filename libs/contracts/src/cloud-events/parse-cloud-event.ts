import type { DescMessage } from '@bufbuild/protobuf';
import { isRefitError, RefitError } from '../errors.js';
import { DecayDetectedSchema } from '../gen/refit/trigger/v1/decay_detected_pb.js';
import { BatchSchema } from '../gen/refit/trigger/v1/events_pb.js';
import { checkAttributes } from './check-attributes.js';
import { invalid, shorten, type EventData } from './envelope.js';
import { dataArrivedType, decayDetectedType, maximumCloudEventBytes, type CloudEventMessage, type OutsideEvent } from './outside-event.js';
import { readBatch, readDecay } from './read-data.js';
import { readEnvelope } from './read-envelope.js';
import { unknownFields } from './unknown-fields.js';

/**
 * A CloudEvent 1.0 from outside, in binary or structured mode, as JSON or protobuf. Fields that Refit does not know are
 * passed over, with a warning.
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
    case dataArrivedType: {
      const { read, ...warned } = readWarned(BatchSchema, envelope.data, readBatch);
      return { kind: 'data-arrived', ...occurrence, batch: read, ...warned };
    }
    case decayDetectedType: {
      const { read, ...warned } = readWarned(DecayDetectedSchema, envelope.data, readDecay);
      return { kind: 'decay-detected', ...occurrence, decay: read, ...warned };
    }
    default:
      throw invalid(`${envelope.nameOf('type')} is "${shorten(type)}", which Refit does not know; it takes ${dataArrivedType} and ${decayDetectedType}`);
  }
}

/** What was read, with a warning for each field that was not; these also explain what is missing. */
function readWarned<T>(schema: DescMessage, data: EventData, reader: (data: EventData) => T): { readonly read: T; readonly warnings?: readonly string[] } {
  const warnings = unknownFields(schema, data);
  try {
    return { read: reader(data), ...(warnings.length > 0 && { warnings }) };
  } catch (error) {
    if (!isRefitError(error) || warnings.length === 0) throw error;
    throw new RefitError(error.code, error.message, { details: warnings.map((message) => ({ message })), cause: error });
  }
}
