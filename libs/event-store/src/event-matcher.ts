import type { EventFilter } from './event-store.js';

/** Whether an event of this stream and type is wanted. A list that is given but empty lets nothing through. */
export type EventMatcher = (stream: string, type: string) => boolean;

export function eventMatcher(filter: EventFilter | undefined): EventMatcher {
  const prefixes = filter?.streamPrefixes;
  const types = filter?.types && new Set(filter.types);
  return (stream, type) =>
    (types === undefined || types.has(type)) && (prefixes === undefined || prefixes.some((prefix) => stream.startsWith(prefix)));
}
