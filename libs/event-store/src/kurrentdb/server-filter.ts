import { eventTypeFilter, streamNameFilter } from '@kurrent/kurrentdb-client';
import type { EventFilter } from '../event-store.js';
import { recordStreamPrefix } from './record-streams.js';

/**
 * Regular expressions for the server (.NET), which takes either stream names or event types. They let through a little
 * more than is wanted; the rest is sorted out here. Not the server's prefixes: it compares those by the rules of a
 * language, in which "a" is no beginning of "á".
 */
const notOurs = `(?!\\$|${escaped(recordStreamPrefix)})`;

/** Streams of the log: no system streams, no bounded records. */
export const logStreams = `^${notOurs}`;

/** What a filter lets the server send. Types say more than streams where there are both. */
export function serverFilter({ streamPrefixes, types }: EventFilter = {}) {
  if (types !== undefined) return eventTypeFilter({ regex: `^(?:${anyOf(types)})$` });
  return streamNameFilter({ regex: streamPrefixes === undefined ? logStreams : `${logStreams}(?:${anyOf(streamPrefixes)})` });
}

/** Nothing at all for an empty list. */
const anyOf = (texts: readonly string[]) => (texts.length === 0 ? '(?!)' : texts.map(escaped).join('|'));

function escaped(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|#\s-]/g, String.raw`\$&`);
}
