import { openSqliteEventStore } from '../open-sqlite-event-store.js';

/** A process of its own that follows the log, and tells the ids of all events when it has seen so many. */
const [file = '', count = '0'] = process.argv.slice(2);
const store = await openSqliteEventStore({ file });
const seen: string[] = [];
for await (const message of store.subscribe({ signal: new AbortController().signal })) {
  if (message.kind === 'caught-up') process.send?.('caught up');
  if (message.kind === 'event') seen.push(message.event.id);
  if (seen.length >= Number(count)) break;
}
await store.close();
process.send?.(seen);
process.disconnect();
