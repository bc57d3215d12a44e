import { findErrorBy, ProtocolError } from '@platformatic/kafka';
import { KafkaFailure, type FailureKind } from '../kafka-client.js';

const kinds: Readonly<Record<string, FailureKind>> = {
  MESSAGE_TOO_LARGE: 'too-large',
  RECORD_LIST_TOO_LARGE: 'too-large',
  UNKNOWN_TOPIC_OR_PARTITION: 'no-topic',
  UNKNOWN_TOPIC_ID: 'no-topic',
};

/** What the library throws, in our words: its errors hold all that went wrong in one call. */
export function platformaticFailure(error: unknown): KafkaFailure {
  if (!(error instanceof Error)) return new KafkaFailure('unreachable', String(error), error);
  const found = Object.entries(kinds).find(([apiId]) => findErrorBy(error, 'apiId', apiId) !== null);
  const kind = found?.[1] ?? (findErrorBy(error, 'code', ProtocolError.code) === null ? 'unreachable' : 'refused');
  return new KafkaFailure(kind, reason(error), error);
}

export const failing = async <T>(work: () => Promise<T>): Promise<T> => {
  try {
    return await work();
  } catch (error) {
    throw platformaticFailure(error);
  }
};

/** The innermost message: the outer ones say only what was tried how often. */
function reason(error: Error): string {
  const inner: unknown = error instanceof AggregateError ? error.errors.at(-1) : error.cause;
  return inner instanceof Error ? reason(inner) : error.message;
}
