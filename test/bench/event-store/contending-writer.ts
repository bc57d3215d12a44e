import { monitorEventLoopDelay } from 'node:perf_hooks';
import { openSqliteEventStore } from '@refit/event-store/sqlite';
import { sampleEvent } from './sample-event.ts';

/** One of several processes that append to one file, one event at a time, as fast as they can. */
const [file = '', stream = '', milliseconds = '0'] = process.argv.slice(2);
const store = await openSqliteEventStore({ file });
let { revision } = await store.append(stream, [sampleEvent(0)], 'no-stream');
process.send?.('ready');
await new Promise((resolve) => process.once('message', resolve));

const delay = monitorEventLoopDelay({ resolution: 1 });
const latencies: number[] = [];
const end = performance.now() + Number(milliseconds);
delay.enable();
while (performance.now() < end) {
  const start = performance.now();
  ({ revision } = await store.append(stream, [sampleEvent(revision)], revision));
  latencies.push(performance.now() - start);
}
delay.disable();
await store.close();
process.send?.({ latencies, longestBlock: delay.max / 1e6 });
process.disconnect();
