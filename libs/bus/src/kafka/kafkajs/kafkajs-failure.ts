import { KafkaFailure, type FailureKind } from '../kafka-client.js';

const kinds: Readonly<Record<string, FailureKind>> = {
  MESSAGE_TOO_LARGE: 'too-large',
  RECORD_LIST_TOO_LARGE: 'too-large',
  UNKNOWN_TOPIC_OR_PARTITION: 'no-topic',
};

/** What kafkajs throws, in our words; its retries wrap the error that matters. */
export function kafkajsFailure(error: unknown): KafkaFailure {
  const chain = [...causes(error)];
  const kind = chain.map(typeOf).flatMap((type) => (type === undefined ? [] : (kinds[type] ?? 'refused')))[0] ?? 'unreachable';
  const first = chain.at(-1);
  return new KafkaFailure(kind, first instanceof Error ? first.message : String(first), error);
}

export const failing = async <T>(work: () => Promise<T>): Promise<T> => {
  try {
    return await work();
  } catch (error) {
    throw kafkajsFailure(error);
  }
};

function* causes(error: unknown): Generator<unknown> {
  yield error;
  if (!(error instanceof Error)) return;
  if ('errors' in error && Array.isArray(error.errors) && error.errors.length > 0) yield* causes(error.errors[0]);
  else if (error.cause !== undefined && error.cause !== error) yield* causes(error.cause);
}

const typeOf = (error: unknown): string | undefined =>
  error instanceof Error && 'type' in error && typeof error.type === 'string' ? error.type : undefined;
