import { randomUUID } from 'node:crypto';
import type { BusMessage } from '../bus.js';

/** A message as the relay would publish it, for tests. */
export const sampleMessage = (message: Partial<BusMessage> = {}): BusMessage => ({
  id: randomUUID(),
  type: 'refit.run.v1.DataIngested',
  data: {},
  metadata: {},
  stream: 'run-1',
  revision: 0,
  position: '1',
  recordedAt: 0,
  ...message,
});
