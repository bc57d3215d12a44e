import type { JsonObject } from '@bufbuild/protobuf';

/** What goes with every event: which run it belongs to, what caused it, who asked. */
export interface EventMetadata {
  readonly correlationId?: string;
  readonly causationId?: string;
  readonly actor?: string;
  readonly traceparent?: string;
}

export function encodeMetadata(m: EventMetadata): JsonObject {
  return {
    ...(m.correlationId !== undefined && { $correlationId: m.correlationId }),
    ...(m.causationId !== undefined && { $causationId: m.causationId }),
    ...(m.actor !== undefined && { actor: m.actor }),
    ...(m.traceparent !== undefined && { traceparent: m.traceparent }),
  };
}
