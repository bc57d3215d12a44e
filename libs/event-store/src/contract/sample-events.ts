import { randomUUID } from 'node:crypto';
import type { EventStore, NewEvent, RecordedEvent } from '../event-store.js';

/** A stream name, or prefix of names, that no other test uses. */
export const uniqueName = (name = 'test') => `${name}-${randomUUID()}`;

export const newEvent = (type = 'Happened', data: NewEvent['data'] = {}): NewEvent => ({ id: randomUUID(), type, data, metadata: {} });

/** Events with `data.number` from `first` on. */
export const newEvents = (count: number, type = 'Happened', first = 0): NewEvent[] => Array.from({ length: count }, (_, index) => newEvent(type, { number: first + index }));

export async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const collected: T[] = [];
  for await (const item of items) collected.push(item);
  return collected;
}

/** The item that a test knows to be there. */
export function at<T>(items: readonly T[], index: number): T {
  const item = items[index];
  if (item === undefined) throw new Error(`There is no item ${index} among ${items.length}.`);
  return item;
}

export const ids = (events: readonly { readonly id: string }[]) => events.map((event) => event.id);

/** Appends to streams of a prefix in turn, a group at a time, without minding revisions. */
export async function appendMany(store: EventStore, streams: readonly string[], count: number, { type = 'Happened', group = 250 } = {}): Promise<void> {
  for (let first = 0; first < count; first += group) {
    await store.append(at(streams, (first / group) % streams.length), newEvents(Math.min(group, count - first), type, first), 'any');
  }
}

/** Everything in the streams of a prefix, in the order of the log. */
export const readPrefix = (store: EventStore, prefix: string): Promise<RecordedEvent[]> => collect(store.readAll({ filter: { streamPrefixes: [prefix] } }));
