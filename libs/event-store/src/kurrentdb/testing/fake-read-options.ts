import type { ReadReq } from '@kurrent/kurrentdb-client/generated/kurrentdb/protocols/v1/streams_pb.js';
import type { Entry, FakeLog } from './fake-log.js';
import type { Checkpoint } from './fake-messages.js';

/** What a read asks for. */
type Wants = (entry: Entry) => boolean;

export function filterOf(options: ReadReq.Options): Wants {
  const filter = options.getFilter();
  if (filter === undefined) return () => true;
  const [expression, subject] = filter.hasStreamIdentifier() ? [filter.getStreamIdentifier(), 'stream' as const] : [filter.getEventType(), 'type' as const];
  // The adapter's expressions mean the same in .NET and here.
  const regex = new RegExp(expression?.getRegex() ?? '');
  return (entry) => regex.test(entry[subject]);
}

export function placeOf(options: ReadReq.Options, log: FakeLog): Checkpoint {
  const all = options.getAll();
  if (all?.hasStart()) return { commit: 0n, prepare: 0n };
  if (all?.hasEnd()) return { commit: log.end, prepare: log.end };
  const position = all?.getPosition();
  return { commit: BigInt(position?.getCommitPosition() ?? 0), prepare: BigInt(position?.getPreparePosition() ?? 0) };
}

export function lastPlace(log: FakeLog): Checkpoint | undefined {
  const last = log.entries.at(-1);
  return last && { commit: last.position, prepare: last.position };
}

export const compare = (a: Checkpoint, b: Checkpoint): number => Number(a.commit - b.commit) || Number(a.prepare - b.prepare);

export const later = (a: Checkpoint | undefined, b: Checkpoint): Checkpoint => (a === undefined || compare(a, b) < 0 ? b : a);
