import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import { v5 as uuidOfName, v7 as uuid } from 'uuid';
import { DeadLetterParkedSchema, event, sha256, type CloudEventMessage, type DeadLetterParked, type RefitError } from '@refit/contracts';
import { keptBytes, keptMessage } from './kept-message.js';

/** A message that was not taken, and why. */
export interface RefusedMessage {
  readonly message: CloudEventMessage;
  readonly refusal: RefitError;
  /** `http`, `kafka <topic>/<partition>@<offset>` */
  readonly origin: string;
  /** Of a Kafka message. */
  readonly key?: Uint8Array;
}

const longestReason = 2000;
/** Of the ids below. */
const namespace = '5b0c1c5e-8a53-4d0e-9f51-0f6f2c9d7f4a';

/** The letter that keeps a refused message, and what of its body has to be kept beside it. */
export function letterOf({ message, refusal, origin, key }: RefusedMessage, now: number): { readonly parked: DeadLetterParked; readonly beside?: Uint8Array } {
  const { beside, ...kept } = keptMessage(message);
  const parked = event(DeadLetterParkedSchema, {
    letterId: letterIdOf(origin, message.body), origin, ...kept, code: refusal.code, reason: refusal.message.slice(0, longestReason),
    parkedAt: timestampFromMs(now), key: key?.slice(0, keptBytes.key) ?? new Uint8Array(),
  });
  return { parked, ...(beside && { beside }) };
}

/**
 * A message that Kafka delivers again has the same id again, so it is parked once; a topic that is made anew numbers its
 * messages again, so the body counts too.
 */
const letterIdOf = (origin: string, body: Uint8Array) => (origin.startsWith('kafka ') ? uuidOfName(`${origin} ${sha256(body)}`, namespace) : uuid());
