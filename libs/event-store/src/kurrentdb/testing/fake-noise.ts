import { randomUUID } from 'node:crypto';
import type { FakeLog, Proposed } from './fake-log.js';

const json = (type: string, data: unknown): Proposed => ({ id: randomUUID(), type, contentType: 'application/json', data: Buffer.from(JSON.stringify(data)), metadata: new Uint8Array() });

/** What else stands in a database: the server's own statistics, links of projections, events of other programs. */
export function addNoise(log: FakeLog): void {
  log.append('$stats-127.0.0.1:2113', [json('$statsCollected', { 'proc-cpu': 1 })], 'any');
  log.append('links-of-a-projection', [json('$>', '0@somewhere')], 'any');
  log.append('of-another-program', [{ ...json('Bytes', null), contentType: 'application/octet-stream', data: Buffer.from([0xff, 0, 1]) }], 'any');
  log.append('of-another-program', [json('Text', 'a JSON text')], 'any');
}
