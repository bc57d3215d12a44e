import type { Batch } from '../gen/refit/trigger/v1/events_pb.js';
import type { DecayDetected } from '../gen/refit/trigger/v1/decay_detected_pb.js';

/** Types of the CloudEvents that Refit takes from outside. */
export const dataArrivedType = 'refit.data.arrived.v1';
export const decayDetectedType = 'refit.decay.detected.v1';

/** Largest message from outside that is looked at, in bytes of body. */
export const maximumCloudEventBytes = 256 * 1024;

/** How CloudEvents travel: by the HTTP protocol binding 1.0.2, or by the Kafka protocol binding 1.0.2. */
export type CloudEventTransport = 'http' | 'kafka';

/** A message as a transport hands it over. Header names in any case. */
export interface CloudEventMessage {
  /** Default http. */
  readonly transport?: CloudEventTransport;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly body: Uint8Array;
}

interface Occurrence {
  /** (source, id) identifies the event: the same pair again is the same event. */
  readonly source: string;
  readonly id: string;
  /** When it happened, by its sender, in milliseconds since 1970. */
  readonly time?: number;
  /** What is odd about it, though it was taken: fields that nobody reads. For its sender. */
  readonly warnings?: readonly string[];
}

/** What somebody outside told us. */
export type OutsideEvent =
  | (Occurrence & { readonly kind: 'data-arrived'; readonly batch: Batch })
  | (Occurrence & { readonly kind: 'decay-detected'; readonly decay: DecayDetected });
