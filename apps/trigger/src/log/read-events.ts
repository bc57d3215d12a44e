import type { MessageInitShape } from '@bufbuild/protobuf';
import { eventTypes, RefitError, shortTypeName, type ReadEventsRequest, type ReadEventsResponseSchema } from '@refit/contracts';
import type { EventFilter, EventStore, RecordedEvent } from '@refit/event-store';
import { eventMessage } from '../admin/event-message.js';

type Answer = MessageInitShape<typeof ReadEventsResponseSchema>;
type Wanted = Pick<ReadEventsRequest, 'stream' | 'from' | 'types' | 'limit' | 'follow'>;

/**
 * Events of the whole log, of streams with a prefix (`run-*`), or of one stream, in their order; with `follow` also those
 * that come later, with a message each time nothing more is there.
 *
 * @throws RefitError REQUEST_INVALID
 */
export async function* readEvents(store: EventStore, wanted: Wanted, signal: AbortSignal): AsyncGenerator<Answer> {
  if (wanted.from !== '' && !/^\d{1,30}$/.test(wanted.from)) {
    throw new RefitError('REQUEST_INVALID', `from is "${wanted.from.slice(0, 50)}"; it is a revision when one stream is read, else a position of an earlier answer`);
  }
  const types = fullTypes(wanted.types);
  const isOneStream = wanted.stream !== '' && !wanted.stream.endsWith('*');
  const events = isOneStream ? oneStream(store, wanted, types, signal) : wholeLog(store, wanted, types, signal);
  let left = wanted.limit === 0 ? Number.POSITIVE_INFINITY : wanted.limit;
  for await (const event of events) {
    yield event === 'caught-up' ? { caughtUp: true } : { event: eventMessage(event) };
    if (event !== 'caught-up' && --left === 0) return;
  }
}

type Found = RecordedEvent | 'caught-up';

async function* wholeLog(store: EventStore, { stream, from, follow }: Wanted, types: readonly string[], signal: AbortSignal): AsyncGenerator<Found> {
  const filter = filterOf(stream === '' ? [] : [stream.slice(0, -1)], types);
  const after = from === '' ? {} : { after: from };
  if (!follow) {
    yield* store.readAll({ ...after, filter });
    return;
  }
  for await (const message of store.subscribe({ ...after, filter, signal })) {
    if (message.kind === 'event') yield message.event;
    else if (message.kind === 'caught-up') yield 'caught-up';
  }
}

async function* oneStream(store: EventStore, { stream, from, follow }: Wanted, types: readonly string[], signal: AbortSignal): AsyncGenerator<Found> {
  const isWanted = ({ type }: RecordedEvent) => types.length === 0 || types.includes(type);
  const head = await store.head();
  let next = Number(from);
  for await (const event of store.readStream(stream, { from: next })) {
    next = event.revision + 1;
    if (isWanted(event)) yield event;
  }
  if (!follow) return;
  yield 'caught-up';
  const after = head === undefined ? {} : { after: head };
  for await (const message of store.subscribe({ ...after, filter: { streamPrefixes: [stream] }, signal })) {
    if (message.kind === 'event' && message.event.stream === stream && message.event.revision >= next && isWanted(message.event)) yield message.event;
  }
}

const filterOf = (streamPrefixes: readonly string[], types: readonly string[]): EventFilter => ({
  ...(streamPrefixes.length > 0 && { streamPrefixes }),
  ...(types.length > 0 && { types }),
});

/** `RunRequested` → `refit.run.v1.RunRequested`; a full name stays as it is, also one that this version does not know. */
function fullTypes(types: readonly string[]): readonly string[] {
  return types.flatMap((type) => {
    if (type.includes('.')) return [type];
    const full = eventTypes.filter((known) => shortTypeName(known) === type);
    if (full.length === 0) throw new RefitError('REQUEST_INVALID', `there is no event type "${type.slice(0, 50)}"; known: ${eventTypes.map(shortTypeName).join(', ')}`);
    return full;
  });
}
