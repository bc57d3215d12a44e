import type { MessageInitShape } from '@bufbuild/protobuf';
import { eventTypes, RefitError, shortTypeName, type ReadEventsRequest, type ReadEventsResponseSchema } from '@refit/contracts';
import { comparePositions, type EventFilter, type EventStore, type RecordedEvent } from '@refit/event-store';
import { eventMessage } from '../admin/event-message.js';
import { withTimeSpan } from '../admin/request-checks.js';

type Answer = MessageInitShape<typeof ReadEventsResponseSchema>;
type Wanted = Omit<ReadEventsRequest, '$typeName' | '$unknown'>;

/**
 * Events of the whole log, of streams with a prefix (`run-*`), or of one stream, in their order; with `follow` also those
 * that come later, with a message each time nothing more is there.
 *
 * @throws RefitError REQUEST_INVALID
 */
export async function* readEvents(store: EventStore, request: Wanted, signal: AbortSignal): AsyncGenerator<Answer> {
  const { since, until, types, ...wanted } = withTimeSpan(request);
  for (const field of ['from', 'before'] as const) requirePlace(field, wanted[field]);
  if (wanted.follow && wanted.last) throw new RefitError('REQUEST_INVALID', 'last and follow do not go together: follow from a place of the log, or read the last events');
  const isInTime = ({ recordedAt }: RecordedEvent) => (since === undefined || recordedAt >= since) && (until === undefined || recordedAt < until);
  const search = { ...wanted, types: fullTypes(types), isInTime };
  const limit = wanted.limit === 0 ? Number.POSITIVE_INFINITY : wanted.limit;
  if (wanted.last) {
    for (const event of await lastEvents(store, search, limit)) yield { event: eventMessage(event) };
    return;
  }
  let left = limit;
  for await (const event of isOneStream(search) ? oneStream(store, search, signal) : wholeLog(store, search, signal)) {
    yield event === 'caught-up' ? { caughtUp: true } : { event: eventMessage(event) };
    if (event !== 'caught-up' && --left === 0) return;
  }
}

function requirePlace(field: string, place: string): void {
  if (place === '' || /^\d{1,30}$/.test(place)) return;
  throw new RefitError('REQUEST_INVALID', `${field} is "${place.slice(0, 50)}"; it is a revision when one stream is read, else a position of an earlier answer`);
}

interface Search extends Pick<Wanted, 'stream' | 'from' | 'before' | 'follow'> {
  readonly types: readonly string[];
  readonly isInTime: (event: RecordedEvent) => boolean;
}

type Found = RecordedEvent | 'caught-up';

const isOneStream = ({ stream }: Search) => stream !== '' && !stream.endsWith('*');

async function* wholeLog(store: EventStore, search: Search, signal: AbortSignal): AsyncGenerator<Found> {
  const { from, before, follow, isInTime } = search;
  const options = { ...(from !== '' && { after: from }), filter: logFilter(search) };
  const isPast = ({ position }: RecordedEvent) => before !== '' && comparePositions(position, before) >= 0;
  if (!follow) {
    for await (const event of store.readAll(options)) {
      if (isPast(event)) return;
      if (isInTime(event)) yield event;
    }
    return;
  }
  for await (const message of store.subscribe({ ...options, signal })) {
    if (message.kind === 'caught-up') yield 'caught-up';
    if (message.kind !== 'event') continue;
    if (isPast(message.event)) return;
    if (isInTime(message.event)) yield message.event;
  }
}

async function* oneStream(store: EventStore, search: Search, signal: AbortSignal): AsyncGenerator<Found> {
  const { stream, from, follow } = search;
  const end = search.before === '' ? Number.POSITIVE_INFINITY : Number(search.before);
  const head = await store.head();
  let next = Number(from);
  for await (const event of store.readStream(stream, { from: next })) {
    if (event.revision >= end) return;
    next = event.revision + 1;
    if (isWanted(event, search)) yield event;
  }
  if (!follow) return;
  yield 'caught-up';
  const after = head === undefined ? {} : { after: head };
  for await (const message of store.subscribe({ ...after, filter: { streamPrefixes: [stream] }, signal })) {
    if (message.kind !== 'event' || message.event.stream !== stream || message.event.revision < next) continue;
    if (message.event.revision >= end) return;
    if (isWanted(message.event, search)) yield message.event;
  }
}

const isWanted = (event: RecordedEvent, { types, isInTime }: Search) => (types.length === 0 || types.includes(event.type)) && isInTime(event);

/** The last events, in their order, read from the end. */
async function lastEvents(store: EventStore, search: Search, limit: number): Promise<readonly RecordedEvent[]> {
  const { stream, from, before } = search;
  const one = isOneStream(search);
  const backwards = { direction: 'backwards' as const };
  const events = one
    ? store.readStream(stream, { ...backwards, ...(before !== '' && { from: Number(before) - 1 }) })
    : store.readAll({ ...backwards, ...(before !== '' && { after: before }), filter: logFilter(search) });
  const isBeforeStart = ({ revision, position }: RecordedEvent) => from !== '' && (one ? revision < Number(from) : comparePositions(position, from) <= 0);
  const found: RecordedEvent[] = [];
  if (one && before === '0') return found;
  for await (const event of events) {
    if (found.length === Math.min(limit, mostLast) || isBeforeStart(event)) break;
    if (isWanted(event, search)) found.push(event);
  }
  return found.reverse();
}

/** These are held in memory: read from the end, told from the start. */
const mostLast = 10_000;

const logFilter = ({ stream, types }: Search): EventFilter => filterOf(stream === '' ? [] : [stream.slice(0, -1)], types);

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
