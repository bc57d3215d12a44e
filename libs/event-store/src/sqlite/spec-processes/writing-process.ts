import { randomUUID } from 'node:crypto';
import { openSqliteEventStore } from '../open-sqlite-event-store.js';

/** A process of its own that appends until it is told to stop or killed, and tells each id once it is acknowledged. */
const [file = '', name = '', count = '0'] = process.argv.slice(2);
const inFlight = 8;
const store = await openSqliteEventStore({ file, lockTimeoutMs: 20_000 });
let left = Number(count);

await Promise.all(Array.from({ length: inFlight }, (_, lane) => write(`${name}-${lane}`)));
await store.close();
process.disconnect();

async function write(stream: string): Promise<void> {
  let revision = -1;
  while (left-- > 0) {
    const event = { id: randomUUID(), type: 'Written', data: { filler: 'x'.repeat(300) }, metadata: {} };
    ({ revision } = await store.append(stream, [event], revision === -1 ? 'no-stream' : revision));
    process.send?.(event.id);
  }
}
