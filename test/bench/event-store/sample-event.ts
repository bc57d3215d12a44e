import { randomUUID } from 'node:crypto';
import type { NewEvent } from '@refit/event-store';

const explanation = 'A sentence of about the length that events carry, once or twice each. '.repeat(6);

/** As many as a run has. */
export const eventsPerStream = 25;

/** About 0.7 KB, with a random id: the worst case for an index of ids. */
export const sampleEvent = (number: number): NewEvent => ({
  id: randomUUID(),
  type: 'refit.run.v1.StepClaimed',
  data: { runId: '0190b8f0-7b1e-7c3a-9d53-0c5c5d7f2a11', number, share: number / 7, explanation },
  metadata: { $correlationId: '0190b8f0-7b1e-7c3a-9d53-0c5c5d7f2a11', $causationId: '0190b8f0-7b1e-7c3a-9d53-0c5c5d7f2a12', traceparent: '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01' },
});
